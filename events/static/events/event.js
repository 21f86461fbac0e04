/** The page of one event: its times in the reader's zone. */

import { pageData, Times } from "./times.js";

const data = pageData();
const times = new Times(data.calendar);
times.rewrite(document);
times.explain(document.getElementById("zone"), data.words.zone);
