// Plans of made-up meetings stay calm: coughs move nothing, and who stays keeps their place.
#include <gtest/gtest.h>

#include <random>

#include "layout/meetings.h"
#include "layout/plan.h"
#include "layout/read_scenes.h"
#include "layout/steadiness.h"

namespace greffe::layout {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::vector<LayoutKind> AllKinds{LayoutKind::Grid,         LayoutKind::Speaker, LayoutKind::StripBottom,
                                       LayoutKind::Presentation, LayoutKind::Pip,     LayoutKind::Single,
                                       LayoutKind::SideBySide};

std::string name(int person) { return fmt::format("p{:03}", person); }

struct Talk {
  timeline::Meeting meeting;
  std::vector<Utterance> utterances;
};

// `people` who are there from beginning to end, with talks of any length and coughs in between and across.
Talk talk(int people, int seconds_long, std::mt19937& random) {
  const auto number = [&](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
  Talk made;
  std::vector<timeline::TrackSidecar> tracks;
  for (int i = 0; i < people; ++i) tracks.push_back(video(name(i), "camera", {{0, seconds_long * 1000}}));
  made.meeting = meeting_of_tracks(std::move(tracks));
  for (int i = 0; i < people; ++i) {
    for (int ms = number(0, 20'000); ms < seconds_long * 1000;) {
      const int length = number(0, 2) == 0 ? number(300, 1'900) : number(2'000, 15'000);
      const int end = std::min(ms + length, seconds_long * 1000);
      made.utterances.push_back({name(i), {at_ms(ms), at_ms(end)}});
      ms = end + number(700, 30'000);
    }
  }
  std::stable_sort(made.utterances.begin(), made.utterances.end(),
                   [](const Utterance& a, const Utterance& b) { return a.range.start < b.range.start; });
  return made;
}

// What any plan must be: read without mistakes, on even pixels, tiles apart.
void expect_sound(const ScenePlan& plan, const timeline::Meeting& meeting) {
  const ScenesRead read = read_scenes(to_json(plan));
  for (const json::Mistake& mistake : read.mistakes) ADD_FAILURE() << mistake.place << ": " << mistake.why;
  for (const json::Mistake& mistake : mistakes_of(plan, meeting))
    ADD_FAILURE() << mistake.place << ": " << mistake.why;
}

TEST(SteadyPlan, NoTileStaysShorterThanTheMinimum) {
  std::mt19937 random(5);
  for (int round = 0; round < 36; ++round) {
    const int people = 2 + round % 9;
    const Talk made = talk(people, 180, random);
    for (const LayoutKind kind : AllKinds) {
      for (const milliseconds stay : {milliseconds(700), milliseconds(2000), milliseconds(6000)}) {
        const auto plan = plan_of(made.meeting, made.utterances, {.layout = kind, .min_stay = stay});
        ASSERT_TRUE(plan);
        const Steadiness steadiness = steadiness_of(*plan);
        if (steadiness.shortest_stay > Duration::zero()) {
          EXPECT_GE(steadiness.shortest_stay, stay) << name_of(kind) << " of " << people;
        }
        expect_sound(*plan, made.meeting);
      }
    }
  }
}

// Whether the scene begins because somebody came or went.
bool by_people(const Scene& scene) {
  return scene.reason.find(" joined") != std::string::npos || scene.reason.find(" left") != std::string::npos;
}

// Stays shorter than `least` that no join and no leave explains.
std::vector<std::string> short_stays(const ScenePlan& plan, Duration least) {
  std::vector<std::string> found;
  for (std::size_t i = 1; i < plan.scenes.size(); ++i) {
    for (const Tile& tile : plan.scenes[i].tiles) {
      const auto there = [&](const Scene& scene) {
        return std::any_of(scene.tiles.begin(), scene.tiles.end(), [&](const Tile& other) {
          return other.participant == tile.participant && other.area == tile.area;
        });
      };
      std::size_t end = i;
      bool explained = by_people(plan.scenes[i]) || there(plan.scenes[i - 1]);
      while (end < plan.scenes.size() && there(plan.scenes[end])) ++end;
      explained = explained || end == plan.scenes.size() || by_people(plan.scenes[end]);
      const Duration stay = plan.scenes[end - 1].range.end - plan.scenes[i].range.start;
      if (!explained && stay < least)
        found.push_back(fmt::format("{} in scene {} ({})", tile.participant, i, plan.scenes[i].reason));
    }
  }
  return found;
}

TEST(SteadyPlan, OnlyThoseWhoComeAndGoShortenAStay) {
  std::mt19937 random(17);
  const auto number = [&](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
  for (int round = 0; round < 40; ++round) {
    Talk made = talk(3 + round % 8, 180, random);
    std::vector<timeline::TrackSidecar> tracks;
    for (const timeline::TrackSidecar& track : made.meeting.tracks) {
      const int from = number(0, 2) == 0 ? number(1'000, 90'000) : 0;
      tracks.push_back(video(track.participant, "camera",
                             {{from, number(0, 2) == 0 ? number(100'000, 170'000) : 180'000}}));
    }
    const timeline::Meeting meeting = meeting_of_tracks(std::move(tracks));
    for (const LayoutKind kind : AllKinds) {
      const auto plan = plan_of(meeting, made.utterances, {.layout = kind, .min_stay = seconds(3)});
      ASSERT_TRUE(plan);
      EXPECT_EQ(short_stays(*plan, seconds(3)), std::vector<std::string>{}) << name_of(kind) << round;
      expect_sound(*plan, meeting);
    }
  }
}

TEST(SteadyPlan, CoughsMoveNothing) {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    const Talk made = talk(6, 120, random);
    std::vector<Utterance> without_coughs = made.utterances;
    std::erase_if(without_coughs, [](const Utterance& said) { return said.range.duration() < seconds(2); });
    for (const LayoutKind kind : AllKinds) {
      auto with = plan_of(made.meeting, made.utterances, {.layout = kind, .look_ahead = Duration::zero()});
      auto without = plan_of(made.meeting, without_coughs, {.layout = kind, .look_ahead = Duration::zero()});
      ASSERT_TRUE(with && without);
      ASSERT_EQ(with->scenes.size(), without->scenes.size());
      for (std::size_t i = 0; i < with->scenes.size(); ++i) {
        EXPECT_EQ(with->scenes[i].range, without->scenes[i].range);
        for (Scene* scene : {&with->scenes[i], &without->scenes[i]})
          for (Tile& tile : scene->tiles) tile.highlights.clear();
        EXPECT_EQ(with->scenes[i].tiles, without->scenes[i].tiles);
      }
    }
  }
}

TEST(SteadyPlan, AHighlightFollowsEveryWord) {
  std::mt19937 random(11);
  const Talk made = talk(5, 60, random);
  const auto plan = plan_of(made.meeting, made.utterances, {});
  ASSERT_TRUE(plan);
  for (const Utterance& said : made.utterances) {
    bool shown = false;
    for (const Scene& scene : plan->scenes)
      for (const Tile& tile : scene.tiles)
        for (const TimeRange& range : tile.highlights)
          shown = shown || (tile.participant == said.participant && range.contains(said.range.start));
    EXPECT_TRUE(shown) << said.participant;
  }
}

TEST(SteadyPlan, WhoLeavesAGridMovesNobodyWithoutNeed) {
  std::vector<timeline::TrackSidecar> tracks;
  for (int i = 0; i < 9; ++i) tracks.push_back(video(name(i), "camera", {{0, i == 4 ? 20'000 : 60'000}}));
  tracks.push_back(video("late", "camera", {{40'000, 60'000}}));
  const auto plan = plan_of(meeting_of_tracks(std::move(tracks)), {}, {});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->scenes.size(), 3U);
  EXPECT_EQ(steadiness_of(*plan).moves, 0);
  EXPECT_EQ(plan->scenes[2].tiles.back().participant, "late");
  EXPECT_EQ(plan->scenes[2].tiles.back().area, plan->scenes[0].tiles[4].area);
}

TEST(SteadyPlan, ATurnSwapsTwoTilesOnly) {
  std::vector<timeline::TrackSidecar> tracks;
  for (int i = 0; i < 8; ++i) tracks.push_back(video(name(i), "camera", {{0, 60'000}}));
  const auto plan = plan_of(meeting_of_tracks(std::move(tracks)),
                            {{name(0), {at_ms(0), at_ms(9'000)}}, {name(5), {at_ms(10'000), at_ms(20'000)}}},
                            {.layout = LayoutKind::Speaker});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->scenes.size(), 2U);
  EXPECT_EQ(plan->scenes[1].reason, "p005 speaks 10.0 s");
  EXPECT_EQ(steadiness_of(*plan).moves, 2);
}

TEST(SteadyPlan, OneToAHundredPeopleAtAllSizes) {
  std::mt19937 random(13);
  for (const int people : {1, 2, 3, 5, 12, 31, 100}) {
    const Talk made = talk(people, 20, random);
    for (const LayoutKind kind : AllKinds) {
      for (const auto& [width, height] : std::vector<std::pair<int, int>>{
               {640, 360}, {1280, 720}, {3840, 2160}, {720, 1280}, {720, 720}, {64, 64}}) {
        const auto plan = plan_of(made.meeting, made.utterances,
                                  {.layout = kind, .width = width, .height = height, .most_tiles = 100});
        ASSERT_TRUE(plan);
        expect_sound(*plan, made.meeting);
        const std::size_t shown = plan->scenes.front().tiles.size();
        if (kind == LayoutKind::Grid) {
          EXPECT_EQ(shown, static_cast<std::size_t>(people));
        }
        EXPECT_GE(shown, 1U);
      }
    }
  }
}

}  // namespace
}  // namespace greffe::layout
