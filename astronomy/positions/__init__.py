"""Where the bodies are: positions, the state of a scene, and segments to interpolate."""

from astronomy.observer.place import Place
from astronomy.positions.bodies import BODY_CODES, Correction, Origin, bodies_of, corrections_of
from astronomy.positions.clocks import Clocks, clocks_at
from astronomy.positions.frames import Frame, flipped_z
from astronomy.positions.segments import SEGMENT_BODIES, Segment, find_segments
from astronomy.positions.state import SceneState, scene_state
from astronomy.positions.table import BodyPositions, PositionTable, View, position_table

__all__ = [
    "BODY_CODES",
    "SEGMENT_BODIES",
    "BodyPositions",
    "Clocks",
    "Correction",
    "Frame",
    "Origin",
    "Place",
    "PositionTable",
    "SceneState",
    "Segment",
    "View",
    "bodies_of",
    "clocks_at",
    "corrections_of",
    "find_segments",
    "flipped_z",
    "position_table",
    "scene_state",
]
