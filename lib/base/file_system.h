// What kind of file system a path lies on.
#pragma once

#include "base/file.h"

namespace greffe {

// True where locks or shared memory cannot be trusted as on a local disk: NFS, SMB/CIFS, 9P, AFS, Ceph,
// Lustre, GFS2, OCFS2 and FUSE (R95). `path` exists. A file system that cannot be asked counts as local.
bool is_network_file_system(const Path& path);

}  // namespace greffe
