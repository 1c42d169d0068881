/** The gradebook of the sandbox SIS: categories, line items and results, read and written over OneRoster. */
import type { District } from "../district/raw-records.ts";
import type { Answer } from "./answers.ts";
import { type CollectionRequest, openCollections } from "./collections.ts";
import { openBook } from "./gradebook/book.ts";
import { makeCategories } from "./gradebook/categories.ts";
import { openRegister } from "./gradebook/class-register.ts";
import type { Ground } from "./gradebook/line-item-rules.ts";
import { COLLECTION_OF, findGradebookListing, listingOf } from "./gradebook/listings.ts";
import type { SandboxGradebook, SandboxGradebookOptions, SandboxWrite } from "./gradebook/options.ts";
import { listOrders } from "./gradebook/orders.ts";
import { openStoring, type Silence } from "./gradebook/storing.ts";
import { seatTeacher } from "./gradebook/teacher.ts";
import { wordAnswers } from "./gradebook/write-answers.ts";
import { openWriting, type WriteRequest } from "./gradebook/writing.ts";
import type { OneRosterVersion } from "./options.ts";
import type { Quirk } from "./quirks.ts";

export interface GradebookService {
  read(request: CollectionRequest): Answer;
  write(request: WriteRequest): Answer;
  /** Keeps what is being written, for `writes`; its status is set when it is known. */
  note(write: SandboxWrite): void;
  readonly control: SandboxGradebook;
}

/** OneRoster 1.2 answers a PUT with 201 and nothing else, and takes new records by POST. */
const WRITES_OF_12: SandboxGradebookOptions = { putAnswer: "201-empty", bulk: true, creation: "set" };

const WRITES_KEPT = 100_000;

/** @param root gives the address of the gradebook's root */
export function openGradebook(
  district: District,
  told: SandboxGradebookOptions,
  {
    quirks,
    maxPageSize,
    version,
    root,
  }: {
    quirks: ReadonlySet<Quirk>;
    maxPageSize: number | undefined;
    version: OneRosterVersion;
    root: () => string;
  },
): GradebookService {
  const options: SandboxGradebookOptions = version === "1.1" ? told : { ...WRITES_OF_12, ...told };
  const book = openBook();
  const categories = makeCategories(district, options);
  const ground: Ground = {
    version,
    options,
    book,
    register: openRegister(district, options.termDays),
    categories: new Map(categories.map((category) => [category.sourcedId, category])),
  };
  const silence: Silence = { storesNothing: false, losesResultsOf: new Set() };
  const orders = listOrders();
  const writes: SandboxWrite[] = [];
  const collections = openCollections((path) => findGradebookListing(ground, path), {
    quirks,
    maxPageSize,
    version,
  });
  const teacher = seatTeacher(book, () => {
    collections.forget();
  });
  const answers = wordAnswers(
    options,
    (kind, record) => collections.single(listingOf(COLLECTION_OF[kind], [record]), record),
    root,
  );
  const write = openWriting(ground, openStoring(ground, orders, silence), answers, silence);

  const control: SandboxGradebook = {
    categories,
    lineItems: book.lineItems.records,
    results: book.results.records,
    writes,
    editLineItem: (sourcedId, change) => {
      teacher.edit("lineItem", sourcedId, change);
    },
    editResult: (sourcedId, change) => {
      teacher.edit("result", sourcedId, change);
    },
    addLineItem: (lineItem) => teacher.addLineItem(lineItem),
    addResult: (result) => teacher.addResult(result),
    remove: (kind, sourcedId) => {
      teacher.remove(kind, sourcedId);
    },
    refuse: (rule) => orders.add(rule),
    losesResultsOf: silence.losesResultsOf,
    get storesNothing() {
      return silence.storesNothing;
    },
    set storesNothing(silent) {
      silence.storesNothing = silent;
    },
  };

  return {
    control,
    read: (request) => collections.answer(request),
    write(request) {
      const answer = write(request);
      collections.forget();
      return answer;
    },
    note(entry) {
      writes.push(entry);
      if (writes.length > WRITES_KEPT) writes.shift();
    },
  };
}
