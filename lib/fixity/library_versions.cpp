#include "fixity/library_versions.h"

#include <openssl/crypto.h>

namespace greffe::fixity {

LibraryVersions library_versions() { return {{"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)}}; }

}  // namespace greffe::fixity
