import { describe, expect, test } from "vitest";
import {
  fitBesideCorners,
  fitCamera,
  flight,
  NO_INSETS,
  rectToScreen,
  revealCamera,
  toScreen,
  toWorld,
  zoomAt,
} from "../../src/drawing/camera";
import { encloses, overlaps } from "../../src/drawing/geometry";

const camera = { x: 30, y: -12, k: 0.7 };

describe("the camera", () => {
  test("screen and world are inverse to each other", () => {
    const there = toScreen(camera, { x: 123, y: 45 });
    expect(toWorld(camera, there).x).toBeCloseTo(123);
    expect(toWorld(camera, there).y).toBeCloseTo(45);
  });

  test("zooming keeps the world under the pointer where it is", () => {
    const pointer = { x: 210, y: 90 };
    const before = toWorld(camera, pointer);
    const after = toWorld(zoomAt(camera, 1.9, pointer), pointer);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  test("fitting shows the whole map clear of the panels", () => {
    const insets = { top: 60, right: 300, bottom: 10, left: 70 };
    const world = { x: -500, y: 100, width: 3000, height: 900 };
    const shown = rectToScreen(fitCamera(world, 1200, 700, { insets }), world);
    expect(encloses({ x: 70, y: 60, width: 1200 - 370, height: 700 - 70 }, shown)).toBe(true);
  });

  test("fitting never magnifies a small map", () => {
    expect(fitCamera({ x: 0, y: 0, width: 50, height: 20 }, 1200, 700).k).toBe(1);
  });

  test("fitting never shrinks below the least zoom, and keeps what comes first in sight", () => {
    const world = { x: 0, y: 0, width: 4000, height: 2000 };
    const first = { x: 0, y: 900, width: 200, height: 120 };
    const camera = fitCamera(world, 320, 500, { least: 0.3, first });
    expect(camera.k).toBe(0.3);
    expect(encloses({ x: 0, y: 0, width: 320, height: 500 }, rectToScreen(camera, first))).toBe(true);
  });

  test("a fitted map is as large as it can be without lying under what stands in a corner", () => {
    const open = { ...NO_INSETS, top: 60 };
    const legend = { x: 20, y: 480, width: 200, height: 100 };
    const zoom = { x: 940, y: 440, width: 40, height: 140 };
    const room = { insets: { ...open, bottom: 120 }, open, corners: [legend, zoom] };
    const shapes = [
      [3000, 300],
      [900, 700],
      [500, 1500],
      [1000, 520],
    ] as const;
    for (const [width, height] of shapes) {
      const world = { x: -200, y: 90, width, height };
      const camera = fitBesideCorners(world, 1000, 600, room);
      const shown = rectToScreen(camera, world);
      expect(encloses({ x: 0, y: 60, width: 1000, height: 540 }, shown)).toBe(true);
      expect(room.corners.some((corner) => overlaps(shown, corner))).toBe(false);
      const safe = fitCamera(world, 1000, 600, { insets: { ...open, bottom: 172 } });
      expect(camera.k).toBeGreaterThan(0.98 * safe.k);
    }
    const low = fitBesideCorners({ x: 0, y: 0, width: 3000, height: 300 }, 1000, 600, room);
    expect(low).toEqual(fitCamera({ x: 0, y: 0, width: 3000, height: 300 }, 1000, 600, { insets: open }));
    const wide = { x: 0, y: 0, width: 1000, height: 700 };
    expect(fitBesideCorners(wide, 1000, 600, room).k).toBeGreaterThan(
      fitCamera(wide, 1000, 600, { insets: room.insets }).k,
    );
  });

  test("a map too large to be seen whole is fitted above all that stands at an edge", () => {
    const room = {
      insets: { ...NO_INSETS, bottom: 120 },
      open: NO_INSETS,
      corners: [{ x: 0, y: 500, width: 90, height: 90 }],
    };
    const world = { x: 0, y: 0, width: 9000, height: 9000 };
    expect(fitBesideCorners(world, 1000, 600, room, { least: 0.3 })).toEqual(
      fitCamera(world, 1000, 600, { least: 0.3, insets: room.insets }),
    );
  });

  test("revealing what is in view moves nothing", () => {
    const still = { x: 0, y: 0, k: 1 };
    expect(revealCamera(still, { x: 100, y: 100, width: 50, height: 50 }, 800, 600)).toBe(still);
  });

  test("revealing what is out of view brings it in without a change of zoom", () => {
    const world = { x: 1900, y: -400, width: 200, height: 120 };
    const after = revealCamera({ x: 0, y: 0, k: 0.8 }, world, 800, 600);
    expect(after.k).toBe(0.8);
    expect(encloses({ x: 0, y: 0, width: 800, height: 600 }, rectToScreen(after, world))).toBe(true);
  });

  test("a flight on one spot stays there", () => {
    const to = zoomAt(camera, 2.8, { x: 400, y: 300 });
    const { at } = flight(camera, to, 800, 600);
    const middle = toWorld(camera, { x: 400, y: 300 });
    for (const t of [0, 0.25, 0.5, 0.9]) {
      const there = toWorld(at(t), { x: 400, y: 300 });
      expect(there.x).toBeCloseTo(middle.x);
      expect(there.y).toBeCloseTo(middle.y);
      expect(at(t).k).toBeGreaterThanOrEqual(camera.k - 1e-9);
      expect(at(t).k).toBeLessThanOrEqual(2.8 + 1e-9);
    }
  });

  test("a flight begins where the camera is and ends exactly where it should", () => {
    const to = { x: -900, y: 40, k: 1.3 };
    const { at } = flight(camera, to, 800, 600);
    expect(at(0).x).toBeCloseTo(camera.x);
    expect(at(0).k).toBeCloseTo(camera.k);
    expect(at(1)).toEqual(to);
  });
});
