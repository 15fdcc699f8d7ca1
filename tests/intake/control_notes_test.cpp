#include "intake/control_notes.h"

#include <gtest/gtest.h>

namespace greffe::intake {
namespace {

constexpr Ssrc Same{7};
const dump::Flow First{"10.0.0.1:5000", "10.0.9.9:6000"};
const dump::Flow Second{"10.0.0.2:5000", "10.0.9.9:6010"};

dump::Flow next_port(const dump::Flow& flow) {
  dump::Flow next = flow;
  next.from.back() = static_cast<char>(next.from.back() + 1);
  next.to.back() = static_cast<char>(next.to.back() + 1);
  return next;
}

// One report on each flow; the RTP time is the flow's place in the list, from 1 on.
ControlNotes notes_of(const std::vector<dump::Flow>& flows, Ssrc ssrc = Same) {
  ControlNotes notes;
  std::uint32_t number = 0;
  for (const dump::Flow& flow : flows) {
    rtp::RtcpCompound compound;
    compound.sender_reports.push_back({.ssrc = ssrc, .timestamp = RtpTimestamp{++number}});
    notes.add(compound, flow, ArrivalTime{});
  }
  return notes;
}

std::vector<std::uint32_t> taken(const ControlNotes& notes, const dump::Flow& own,
                                 const std::vector<dump::Flow>& all = {First, Second}) {
  std::vector<std::uint32_t> numbers;
  const MediaFlows media{{Same, {all.begin(), all.end()}}};
  for (const RawReport& report : notes.reports_for({{Same, {own}}}, media))
    numbers.push_back(report.timestamp.value);
  return numbers;
}

using Numbers = std::vector<std::uint32_t>;

TEST(ControlNotes, R12_ReportsOfOneSsrcGoToTheFlowTheyComeBy) {
  const ControlNotes notes = notes_of({First, Second, First});
  EXPECT_EQ(taken(notes, First), (Numbers{1, 3}));
  EXPECT_EQ(taken(notes, Second), Numbers{2});
}

TEST(ControlNotes, R12_OrToTheFlowOnePortBelow) {
  const ControlNotes notes = notes_of({next_port(First), next_port(Second)});
  EXPECT_EQ(taken(notes, First), Numbers{1});
  EXPECT_EQ(taken(notes, Second), Numbers{2});
}

TEST(ControlNotes, TheSameFlowIsNearerThanTheNextPort) {
  const dump::Flow beside = next_port(First);
  const ControlNotes notes = notes_of({First, beside});
  EXPECT_EQ(taken(notes, First, {First, beside}), Numbers{1});
  EXPECT_EQ(taken(notes, beside, {First, beside}), Numbers{2});
}

TEST(ControlNotes, R12_WhoSendsNoReportsGetsNoOthers) {
  EXPECT_EQ(taken(notes_of({Second}), First), Numbers{});
}

TEST(ControlNotes, ReportsByAnUnknownWayServeWhereThereAreNoBetter) {
  const dump::Flow elsewhere{"10.0.0.3:9000", "10.0.9.9:9000"};
  EXPECT_EQ(taken(notes_of({elsewhere}), First), Numbers{1});
  EXPECT_EQ(taken(notes_of({elsewhere, First}), First), Numbers{2});
  EXPECT_EQ(taken(notes_of({elsewhere, First}), Second), Numbers{1});
}

TEST(ControlNotes, AFormatWithoutAddressesHasOneFlow) {
  EXPECT_EQ(taken(notes_of({{}, {}}), {}, {{}}), (Numbers{1, 2}));
  EXPECT_EQ(taken(notes_of({{}}, Ssrc{8}), {}, {{}}), Numbers{});
}

TEST(ControlNotes, NamesGoToTheirSenders) {
  ControlNotes notes;
  for (const auto& [flow, name] : {std::pair(First, "ann"), std::pair(Second, "bob")}) {
    rtp::RtcpCompound compound;
    compound.names = {{Same, name}};
    notes.add(compound, flow, ArrivalTime{});
  }
  const MediaFlows all{{Same, {First, Second}}};
  EXPECT_EQ(notes.names_for({{Same, {First}}}, all), std::set<std::string>{"ann"});
  EXPECT_EQ(notes.names_for({{Same, {Second}}}, all), std::set<std::string>{"bob"});
  EXPECT_EQ(notes.names_for({{Ssrc{8}, {First}}}, all), std::set<std::string>{});
}

TEST(ControlNotes, IPv6AddressesHavePortsAsWell) {
  const dump::Flow media{"[2001:db8::1]:5004", "[2001:db8::2]:6004"};
  EXPECT_EQ(kinship(media, media), Kinship::SameFlow);
  EXPECT_EQ(kinship(next_port(media), media), Kinship::NextPort);
  EXPECT_EQ(kinship({"[2001:db8::3]:5005", media.to}, media), Kinship::None);
  EXPECT_EQ(kinship({media.from, media.to + "0"}, media), Kinship::None);
}

}  // namespace
}  // namespace greffe::intake
