import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayEnd, dayOf, dayStart, lastDay, momentOf } from "../../mappers/days.ts";

const EVERY_ZONE = Intl.supportedValuesOf("timeZone");
const DISTRICT_ZONES = [
  "America/Los_Angeles",
  "America/New_York",
  "America/Phoenix",
  "America/Santiago",
  "America/Havana",
  "America/St_Johns",
  "Africa/Cairo",
  "Africa/Casablanca",
  "Asia/Beirut",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Tehran",
  "Atlantic/Azores",
  "Australia/Lord_Howe",
  "Europe/London",
  "Pacific/Apia",
  "Pacific/Auckland",
  "Pacific/Chatham",
  "Pacific/Honolulu",
  "UTC",
];

const zone = fc.oneof(fc.constantFrom(...DISTRICT_ZONES), fc.constantFrom(...EVERY_ZONE));
const day = fc
  .date({ min: new Date("1975-01-01"), max: new Date("2045-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

function next(calendarDay: string, by = 1): string {
  return new Date(Date.parse(calendarDay) + by * 86_400_000).toISOString().slice(0, 10);
}

/** "YYYY-MM-DD HH:MM:SS" as a clock on the wall there shows it. */
function shown(moment: string, timezone: string, secondsLater = 0): string {
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone: timezone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(Date.parse(moment) + secondsLater * 1000);
}

describe("dayStart and dayEnd", () => {
  it.each([
    [
      "the last day of a school year",
      "2027-06-11",
      "America/Los_Angeles",
      "2027-06-11T07:00:00Z",
      "2027-06-12T06:59:59Z",
    ],
    ["UTC", "2027-06-11", "UTC", "2027-06-11T00:00:00Z", "2027-06-11T23:59:59Z"],
    [
      "a day of 23 hours",
      "2027-03-14",
      "America/Los_Angeles",
      "2027-03-14T08:00:00Z",
      "2027-03-15T06:59:59Z",
    ],
    [
      "a day of 25 hours",
      "2026-11-01",
      "America/Los_Angeles",
      "2026-11-01T07:00:00Z",
      "2026-11-02T07:59:59Z",
    ],
    ["no daylight saving", "2026-11-01", "America/Phoenix", "2026-11-01T07:00:00Z", "2026-11-02T06:59:59Z"],
    [
      "a quarter of an hour off",
      "2026-12-31",
      "Asia/Kathmandu",
      "2026-12-30T18:15:00Z",
      "2026-12-31T18:14:59Z",
    ],
    [
      "half an hour of daylight saving",
      "2026-10-04",
      "Australia/Lord_Howe",
      "2026-10-03T13:30:00Z",
      "2026-10-04T12:59:59Z",
    ],
    ["far east of UTC", "2026-06-01", "Pacific/Kiritimati", "2026-05-31T10:00:00Z", "2026-06-01T09:59:59Z"],
    ["a leap day", "2028-02-29", "Europe/Berlin", "2028-02-28T23:00:00Z", "2028-02-29T22:59:59Z"],
  ])("knows when a day begins and ends: %s", (_, on, timezone, start, end) => {
    expect([dayStart(on, timezone), dayEnd(on, timezone)]).toEqual([start, end]);
  });

  it.each([
    ["America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z"],
    ["Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z"],
    ["Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"],
    ["America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"],
  ])("begins the day with its first instant where midnight is skipped: %s %s", (timezone, on, start) => {
    expect(dayStart(on, timezone)).toBe(start);
    expect(shown(start, timezone)).not.toContain("00:00:00");
    expect(dayEnd(next(on, -1), timezone)).toBe(
      new Date(Date.parse(start) - 1000).toISOString().replace(".000", ""),
    );
  });

  it("takes the first midnight where the clock shows two", () => {
    expect(dayStart("2026-11-01", "America/Havana")).toBe("2026-11-01T04:00:00Z");
    expect(dayStart("2026-10-25", "Atlantic/Azores")).toBe("2026-10-25T00:00:00Z");
    expect(dayStart("2010-11-07", "America/St_Johns")).toBe("2010-11-07T02:30:00Z");
  });

  it("takes the later end where the clock goes back over midnight", () => {
    expect(dayEnd("2026-04-04", "America/Santiago")).toBe("2026-04-05T03:59:59Z");
    expect(dayEnd("2010-11-06", "America/St_Johns")).toBe("2010-11-07T03:29:59Z");
  });

  it("survives a day that a zone never had", () => {
    expect(dayStart("2011-12-30", "Pacific/Apia")).toBe(dayStart("2011-12-31", "Pacific/Apia"));
    expect(dayEnd("2011-12-30", "Pacific/Apia")).toBe(dayEnd("2011-12-29", "Pacific/Apia"));
  });

  it("stays within four-digit years, which SIS use for always and never", () => {
    expect(dayEnd("9999-12-31", "America/Los_Angeles")).toBe("9999-12-31T23:59:59Z");
    expect(dayStart("0001-01-01", "Asia/Tokyo")).toBe("0001-01-01T00:00:00Z");
    expect(dayStart("0001-01-01", "UTC")).toBe("0001-01-01T00:00:00Z");
  });

  it.each(["2026-02-30", "2027-02-29", "2026-13-01", "2026-00-10", "06/11/2027", "2027", ""])(
    "refuses %j rather than guess a day",
    (no) => {
      expect(() => dayStart(no, "UTC")).toThrow(RangeError);
      expect(() => dayEnd(no, "UTC")).toThrow(RangeError);
    },
  );

  it("refuses a time zone that does not exist", () => {
    expect(() => dayStart("2026-08-17", "America/Oakdale")).toThrow(RangeError);
  });

  it("begins on the day, and not a second earlier, in every zone and year", () => {
    fc.assert(
      fc.property(day, zone, (on, timezone) => {
        const start = dayStart(on, timezone);
        expect(start).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        expect(shown(start, timezone) >= `${on} 00:00:00`).toBe(true);
        expect(shown(start, timezone, -1) < `${on} 00:00:00`).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it("ends on the day, and not a second later, in every zone and year", () => {
    fc.assert(
      fc.property(day, zone, (on, timezone) => {
        const end = dayEnd(on, timezone);
        expect(end).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        expect(shown(end, timezone) <= `${on} 23:59:59`).toBe(true);
        expect(shown(end, timezone, 1) > `${on} 23:59:59`).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it("has no minute of the day before its start or after its end, whenever the clock was changed", () => {
    const changing = [
      "America/Havana",
      "America/St_Johns",
      "America/Santiago",
      "Atlantic/Azores",
      "Africa/Cairo",
      "Asia/Beirut",
    ];
    for (const timezone of changing) {
      for (let on = "2008-01-01"; on < "2012-01-01"; on = next(on)) {
        const start = dayStart(on, timezone);
        const end = dayEnd(on, timezone);
        if (Date.parse(end) - Date.parse(start) === 86_399_000) continue;
        for (let minutes = 1; minutes <= 120; minutes += 1) {
          expect(shown(start, timezone, -60 * minutes) < on, `${on} ${timezone}`).toBe(true);
          expect(shown(end, timezone, 60 * minutes) > `${on} 24`, `${on} ${timezone}`).toBe(true);
        }
      }
    }
  });

  it("leaves no second between two days, around every change of the clock", () => {
    const zones = DISTRICT_ZONES.filter((name) => name !== "Pacific/Apia");
    for (const timezone of zones) {
      for (let on = "2026-01-01"; on < "2027-01-01"; on = next(on)) {
        expect(
          Date.parse(dayStart(next(on), timezone)) - Date.parse(dayEnd(on, timezone)),
          `${on} ${timezone}`,
        ).toBe(1000);
      }
    }
  });

  it("answers the same however often it is asked, and after many other days", () => {
    const asked = Array.from({ length: 5_000 }, (_, index) => next("2000-01-01", index));
    const first = asked.map((on) => dayEnd(on, "America/New_York"));
    expect(asked.map((on) => dayEnd(on, "America/New_York"))).toEqual(first);
    expect(new Set(first).size).toBe(asked.length);
  });
});

describe("dayOf", () => {
  it.each([
    ["the last second of a day", "2026-10-03T06:59:59Z", "America/Los_Angeles", "2026-10-02"],
    ["the first second of the next", "2026-10-03T07:00:00Z", "America/Los_Angeles", "2026-10-03"],
    ["far east of UTC", "2026-10-02T10:00:00Z", "Pacific/Kiritimati", "2026-10-03"],
    ["an offset in the text", "2026-10-02T23:30:00-07:00", "UTC", "2026-10-03"],
    ["a day that never was", "2011-12-30T10:00:00Z", "Pacific/Apia", "2011-12-31"],
    ["no zone in the text", "2026-10-02T23:59:00", "Pacific/Kiritimati", "2026-10-02"],
    ["a day alone", "2026-10-02", "America/Los_Angeles", "2026-10-02"],
  ])("is the day on the wall there: %s", (_, moment, timezone, on) => {
    expect(dayOf(moment, timezone)).toBe(on);
  });

  it("is the day that the clock shows, in every zone and year", () => {
    const moment = fc.date({ min: new Date("1975-01-01"), max: new Date("2045-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(moment, zone, (at, timezone) => {
        expect(dayOf(at.toISOString(), timezone)).toBe(shown(at.toISOString(), timezone).slice(0, 10));
      }),
      { numRuns: 400 },
    );
  });

  it.each(["", "soon", "2026-13-01", "2026-02-40T00:00:00Z", "+010000-01-01T00:00:00Z"])(
    "is none of %j",
    (no) => {
      expect(dayOf(no, "America/Los_Angeles")).toBeUndefined();
    },
  );
});

describe("momentOf", () => {
  it.each([
    ["Z", "2026-10-03T06:59:00.5Z", "2026-10-03T06:59:00.500Z"],
    ["an offset", "2026-10-02T23:59:00-0700", "2026-10-03T06:59:00.000Z"],
    ["an offset in hours", "2026-10-03 12:29:00 +05:30", "2026-10-03T06:59:00.000Z"],
    ["no zone", "2026-10-02T23:59", "2026-10-03T06:59:00.000Z"],
    ["no zone in winter", "2026-12-02 23:59:00", "2026-12-03T07:59:00.000Z"],
    ["an hour that the clock skips", "2026-03-08T02:30:00", "2026-03-08T10:00:00.000Z"],
    ["an hour that it shows twice", "2026-11-01T01:30:00", "2026-11-01T08:30:00.000Z"],
  ])("reads a date-time with %s", (_, text, instant) => {
    expect(new Date(momentOf(text, "America/Los_Angeles")).toISOString()).toBe(instant);
  });

  it.each(["", "2026-10-02", "2026-10-02T25:00:00", "10/02/2026 23:59"])("is none of %j", (no) => {
    expect(momentOf(no, "America/Los_Angeles")).toBeNaN();
  });
});

describe("lastDay", () => {
  it.each([
    ["2027-06-12", "2027-06-11"],
    ["2027-03-01", "2027-02-28"],
    ["2028-03-01", "2028-02-29"],
    ["2100-03-01", "2100-02-28"],
    ["2027-01-01", "2026-12-31"],
    ["2026-08-01", "2026-07-31"],
    ["0001-01-01", "0001-01-01"],
    ["0000-01-01", "0001-01-01"],
  ])("is the day before an exclusive endDate: %s → %s", (endDate, last) => {
    expect(lastDay(endDate, "exclusive")).toBe(last);
  });

  it("is an inclusive endDate itself", () => {
    fc.assert(fc.property(day, (on) => lastDay(on, "inclusive") === on));
  });

  it("is always exactly one day before an exclusive endDate", () => {
    fc.assert(fc.property(day, (on) => next(lastDay(on, "exclusive")) === on));
  });

  it("makes both ways of saying the same last day the same instant", () => {
    fc.assert(
      fc.property(day, zone, (last, timezone) => {
        const exclusive = dayEnd(lastDay(next(last), "exclusive"), timezone);
        expect(exclusive).toBe(dayEnd(lastDay(last, "inclusive"), timezone));
      }),
    );
  });
});
