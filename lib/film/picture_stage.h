// Scenes and tracks → the pictures of a film, one after the other.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "canvas/canvas.h"
#include "canvas/corners.h"
#include "film/film_look.h"
#include "film/film_text.h"
#include "film/picture_track.h"
#include "layout/scene.h"

namespace greffe::film {

// Draws each tile only when it shows something new. Tracks are opened when a scene first shows them and
// closed after the last that does. Not thread-safe.
//
// A film is drawn in chunks: from begin_chunk() on, all that is drawn depends on the plan, the tracks and the
// time alone, not on what was drawn before, so that a chunk may be drawn by itself.
class PictureStage {
 public:
  // All must outlive this object; the plan names only tracks of the meeting.
  PictureStage(const timeline::MeetingFolder& folder, const layout::ScenePlan& plan, FilmText& text,
               const FilmLook& look = {});

  // The next draw() is the first of a chunk; `before` is the time of the film's picture before that, or
  // anything below 0.
  void begin_chunk(MeetingTime before);
  // Draws what stands at `time`, which never goes back. The canvas tells where it changed since the last
  // call.
  void draw(MeetingTime time);
  const canvas::Canvas& canvas() const { return canvas_; }
  // Of the scene that was drawn last, for FilmText::draw_over().
  int caption_floor() const { return caption_floor_; }
  // What was met since begin_chunk(). Fails when a track could not be read: that is the machine's doing,
  // which may pass, and no picture drawn meanwhile may be kept.
  Result<DamageLog> end_chunk();

 private:
  // A tile of the scene at hand, and what of it is on the canvas.
  struct TileState {
    const layout::Tile* tile = nullptr;
    PictureTrack* track = nullptr;  // null: placeholder, or a track that does not open
    bool drawn = false;
    bool highlighted = false;
    std::uint64_t pictures_shown = 0;
    layout::Rectangle picture;
    std::vector<std::size_t> above;  // tiles that lie over this one and are drawn again with it
    bool over = false;               // lies over another one
  };

  void turn_to(MeetingTime time);
  void enter_scene(std::size_t scene);
  PictureTrack* track_of(const layout::Tile& tile);
  void tell_refused(const std::string& track);
  void fail_with(const Error& error);
  void report(PictureTrack& track);
  void close_tracks_not_needed_from(std::size_t scene);
  bool draw_tile(TileState& state, MeetingTime time);
  void draw_picture(TileState& state);
  void draw_placeholder(TileState& state);
  void draw_dress(const TileState& state, bool with_picture);
  void draw_corners(const TileState& state);

  const timeline::MeetingFolder& folder_;
  const layout::ScenePlan& plan_;
  FilmText& text_;
  const FilmLook look_;
  DamageLog damage_;
  Status failure_;
  canvas::Canvas canvas_;
  std::map<std::string, std::size_t> last_scene_;  // that shows a track
  std::map<std::string, std::unique_ptr<PictureTrack>> tracks_;
  std::map<std::string, std::string> refused_;  // tracks that do not open, and why
  std::set<std::string> told_;                  // of those, in this chunk
  std::size_t next_scene_ = 0;
  int caption_floor_;
  bool begins_chunk_ = true;
  MeetingTime drawn_until_ = MeetingTime::min();
  std::vector<TileState> tiles_;
  std::map<std::pair<int, int>, canvas::Corners> corners_;  // by radius and border
};

}  // namespace greffe::film
