#include "dump/library_versions.h"

#include <pcap/pcap.h>

namespace greffe::dump {

LibraryVersions library_versions() { return {{"libpcap", pcap_lib_version()}}; }

}  // namespace greffe::dump
