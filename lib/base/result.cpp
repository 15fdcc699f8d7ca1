#include "base/result.h"

#include <cerrno>
#include <system_error>

namespace greffe {

tl::unexpected<Error> fail_errno(std::string_view what) {
  const int number = errno;
  return fail("{}: {}", what, std::generic_category().message(number));
}

}  // namespace greffe
