// rule: the policy of policy/PEER-11.licet a second time, as a tree that is translated into each engine's language; the facts with what can be
// told apart of each; and the plain truth of a request, by trying every completion of what is not known.
'use strict';

const atLeast = (fact, limit) => ({ atLeast: fact, limit });
const is = (fact) => ({ is: fact });
const among = (fact, values) => ({ among: fact, values });
const all = (...parts) => ({ all: parts });
const any = (...parts) => ({ any: parts });
const not = (part) => ({ not: part });

// The eleven conditions are the leaves of the policy, in the order of its page.
const rule = all(
  atLeast('age', 12),
  is('severe_asthma'),
  among('prescriber', ['pulmonology', 'allergy', 'immunology']),
  any(atLeast('exacerbations', 2), is('hospitalized')),
  any(all(is('allergic'), atLeast('total_ige', 30)), all(not(is('allergic')), atLeast('eosinophils', 150))),
  atLeast('weeks_on_steroid', 12),
  atLeast('adherence', 75),
  not(any(is('smoker'), is('other_biologic'))),
);

// One value for each case that the rule can tell apart, and how often a made-up request has each.
const facts = {
  age: { type: 'integer', cases: [8, 40], weights: [1, 9] },
  severe_asthma: { type: 'boolean', cases: [true, false], weights: [9, 1] },
  prescriber: { type: 'text', cases: ['pulmonology', 'allergy', 'immunology', 'primary_care', 'other'], weights: [5, 2, 2, 1, 1] },
  exacerbations: { type: 'integer', cases: [1, 3], weights: [3, 7] },
  hospitalized: { type: 'boolean', cases: [true, false], weights: [5, 5] },
  allergic: { type: 'boolean', cases: [true, false], weights: [5, 5] },
  total_ige: { type: 'integer', cases: [12, 210], weights: [1, 9] },
  eosinophils: { type: 'integer', cases: [90, 320], weights: [1, 9] },
  weeks_on_steroid: { type: 'integer', cases: [6, 30], weights: [1, 9] },
  adherence: { type: 'integer', cases: [60, 90], weights: [1, 9] },
  smoker: { type: 'boolean', cases: [true, false], weights: [1, 9] },
  other_biologic: { type: 'boolean', cases: [true, false], weights: [1, 9] },
};
const names = Object.keys(facts);

// Of a request that knows everything.
function holds(node, request) {
  if (node.all) return node.all.every((part) => holds(part, request));
  if (node.any) return node.any.some((part) => holds(part, request));
  if (node.not) return !holds(node.not, request);
  if (node.is) return request[node.is];
  if (node.atLeast) return request[node.atLeast] >= node.limit;
  return node.values.includes(request[node.among]);
}

// approve where every completion meets the rule, refer where none does, else pend.
function outcome(request) {
  const open = names.filter((name) => !(name in request));
  const completed = { ...request };
  let met = false, failed = false;
  const complete = (i) => {
    if (met && failed) return;
    if (i === open.length) {
      if (holds(rule, completed)) met = true;
      else failed = true;
      return;
    }
    for (const value of facts[open[i]].cases) {
      completed[open[i]] = value;
      complete(i + 1);
    }
  };
  complete(0);
  return met && failed ? 'pend' : met ? 'approve' : 'refer';
}

// The same numbers in every run.
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b) >>> 0;
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35) >>> 0;
    return ((z ^ (z >>> 16)) >>> 0) / 4294967296;
  };
}

function pick(fact, random) {
  let at = random() * fact.weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < fact.cases.length; i++) {
    at -= fact.weights[i];
    if (at < 0) return fact.cases[i];
  }
  return fact.cases[fact.cases.length - 1];
}

// `unknown`: the share of facts that a request leaves out.
function requests(count, unknown, seed) {
  const random = chance(seed);
  const made = [];
  for (let i = 0; i < count; i++) {
    const request = {};
    for (const name of names) {
      const value = pick(facts[name], random);
      if (random() >= unknown) request[name] = value;
    }
    made.push(request);
  }
  return made;
}

module.exports = { rule, facts, names, holds, outcome, requests };
