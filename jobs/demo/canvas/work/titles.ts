/** Names of invented work. */

export const GROUPS = [
  { name: "Homework", one: "Homework", group_weight: 30, points: [10, 20, 5], types: ["online_upload"] },
  { name: "Quizzes", one: "Quiz", group_weight: 30, points: [20, 25, 15], types: ["online_quiz"] },
  { name: "Tests", one: "Test", group_weight: 40, points: [100, 50], types: ["on_paper"] },
] as const;

export const TOPICS = [
  "first steps",
  "the story so far",
  "patterns",
  "a map of our town",
  "cause and effect",
  "measuring",
  "what we know now",
  "in your own words",
  "review",
  "water",
  "numbers all around",
  "a letter home",
] as const;

/** Over every limit that a SIS is known to have, and the same as another up to the 60th character. */
export const LONG_NAMES = [
  "Reflection on the field trip to the regional history museum, part one: what I expected, what I saw and what I learned",
  "Reflection on the field trip to the regional history museum, part two: what I would like to ask the people there",
] as const;

/** Letters of other scripts, quotes, commas, an ending like an id's, markup, a leading sign. */
export const AWKWARD_NAMES = [
  'Poem: "The Raven", stanzas 1–3',
  "Résumé & façade — vocabulary (40)",
  "Übung: Größer, kleiner, gleich",
  "漢字の練習",
  "=SUM of all angles",
  "Peer review <draft>",
] as const;
