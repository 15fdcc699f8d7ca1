// Puts datagrams together that IP cut in fragments (RFC 791 §3.2, RFC 8200 §4.5).
#pragma once

#include <list>
#include <vector>

#include "base/damage_log.h"
#include "dump/internet.h"
#include "units/time.h"

namespace greffe::dump {

// Fragments may come in any order. Overlap, or a datagram above 65 535 bytes, drops the datagram (R59). At
// most `Largest` datagrams wait at once, each for at most 30 s of arrival time: memory is bounded.
class IpReassembly {
 public:
  static constexpr std::size_t Largest = 64;
  // What was put together last, so that copies of its fragments are known: a bridge captures each twice.
  static constexpr std::size_t Remembered = 16;

  IpReassembly(std::string_view place, DamageLog& damage) : place_(place), damage_(damage) {}

  // Takes the fragment `payload` of the packet at `position`. Gives the whole from the UDP header on when it
  // was the last one missing; valid until the next call.
  std::optional<Bytes> add(const IpPayload& payload, std::uint32_t vlan, ArrivalTime arrival,
                           std::uint64_t position);
  // What still waits is lost.
  void finish();

 private:
  struct Part {
    std::size_t start, end;
  };
  struct Datagram {
    std::uint32_t vlan = 0;
    std::uint32_t id = 0;
    Address from, to;
    ArrivalTime arrival{};       // of the first fragment that came
    std::uint64_t position = 0;  // of that one
    std::vector<std::uint8_t> bytes;
    std::vector<Part> parts;          // sorted, apart from each other
    std::optional<std::size_t> size;  // known once the last fragment came
    bool refused = false;             // overlap or overflow: waits only to swallow the rest

    bool is_of(const IpPayload& payload, std::uint32_t other_vlan) const {
      return vlan == other_vlan && id == payload.fragment->id && from == payload.from && to == payload.to;
    }
  };

  Datagram& find_or_make(const IpPayload& payload, std::uint32_t vlan, ArrivalTime arrival,
                         std::uint64_t position);
  bool is_copy_of_done(const IpPayload& payload, std::uint32_t vlan, ArrivalTime arrival) const;
  void put(Datagram& datagram, const IpPayload& payload);
  void drop(const Datagram& datagram);

  std::string place_;
  DamageLog& damage_;
  std::list<Datagram> waiting_;  // oldest first
  std::list<Datagram> done_;     // whole, the last one at the end
};

}  // namespace greffe::dump
