#include "base/file_system.h"

#include <sys/vfs.h>

#include <algorithm>
#include <array>

namespace greffe {

bool is_network_file_system(const Path& path) {
  // statfs(2) and the file systems' own documents; <linux/magic.h> names only some.
  constexpr std::array<std::uint32_t, 13> Magic{
      0x00006969,  // NFS
      0x0000517B,  // SMB
      0xFF534D42,  // CIFS
      0xFE534D42,  // SMB2
      0x01021997,  // 9P
      0x5346414F,  // AFS
      0x6B414653,  // kAFS
      0x73757245,  // Coda
      0x00C36400,  // Ceph
      0x0BD00BD0,  // Lustre
      0x01161970,  // GFS2
      0x7461636F,  // OCFS2
      0x65735546,  // FUSE
  };
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) return false;
  return std::find(Magic.begin(), Magic.end(), static_cast<std::uint32_t>(status.f_type)) != Magic.end();
}

}  // namespace greffe
