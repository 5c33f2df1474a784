import { expect, test } from 'vitest'
import { parseFilterPolicy } from './filter-policy.ts'
import { FilterPolicyError } from './filter-policy-error.ts'
import { type FilterScope, parseFilterScope } from './filter-scope.ts'

/** What SNS says behind `Invalid parameter: `, or null where it takes the policy. */
function refusalOf(policy: string, scope: FilterScope = 'MessageBody'): string | null {
  try {
    parseFilterPolicy(policy, scope)
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(FilterPolicyError)
    return error instanceof FilterPolicyError ? error.message : null
  }
}

/** With the place in the text where AWS's parser stood. Recorded answers of AWS's. */
test.each([
  ['{"key":[["value"]]}', 'Match value must be String, number, true, false, or null', 10],
  ['{"key":[{"wrong-operator":true}]}', 'Unrecognized match type wrong-operator', 31],
  ['{"key":[{"suffix":"value","prefix":"value2"}]}', 'Only one key allowed in match expression', 37],
  ['{"key":[{"suffix":100}]}', 'suffix match pattern must be a string', 22],
  ['{"key":[{"suffix":null}]}', 'suffix match pattern must be a string', 23],
  ['{"key":{"suffix":"value"}}', '"suffix" must be an object or an array', 19],
  ['{"key":[{"suffix":[]}]}', 'suffix match pattern must be a string', 20],
  ['{"key":[{"suffix":["test","test2"]}]}', 'suffix match pattern must be a string', 20],
  ['{"key":{"suffix":"value","prefix":"value"}}', '"suffix" must be an object or an array', 19],
  ['{"key":{"not-an-operator":"value"}}', '"not-an-operator" must be an object or an array', 28],
  ['{"key_a":"value_one"}', '"key_a" must be an object or an array', 11],
  ['{"key":[{"numeric":[]}]}', 'Invalid member in numeric match: ]', 22],
  ['{"key":[{"numeric":["operator"]}]}', 'Unrecognized numeric range operator: operator', 32],
  ['{"key":[{"numeric":[1,"<="]}]}', 'Invalid member in numeric match: 1', 22],
  ['{"key":[{"numeric":["=","000"]}]}', 'Value of equals must be numeric', 26],
  ['{"key":[{"numeric":[">="]}]}', 'Value of >= must be numeric', 26],
  ['{"key":[{"numeric":["<",100,">",10]}]}', 'Too many elements in numeric expression', 30],
  ['{"key":[{"numeric":[">=",1,">",2]}]}', 'Bad numeric range operator: >', 31],
  ['{"key":[{"numeric":[">",3,"<",1]}]}', 'Bottom must be less than top', 33],
  ['{"key":[{"numeric":[">",20,"<="]}]}', 'Value of <= must be numeric', 33],
  ['{"key":[{"numeric":[">",20,30]}]}', 'Bad value in numeric range: 30', 30],
  ['{"key":[{"numeric":[">",20,"test"]}]}', 'Bad numeric range operator: test', 34],
  ['{"key":[{"numeric":[">","20","<","30"]}]}', 'Value of > must be numeric', 26],
  ['{"key":[{"numeric":[">",20,"<","30"]}]}', 'Value of < must be numeric', 33],
  ['{"key":[{"numeric":[">",20,"<",30,"<",50]}]}', 'Too many terms in numeric range expression', 36],
  ['{"key":[{"exists":null}]}', 'exists match pattern must be either true or false.', 23],
  ['{"key":[{"exists":"no"}]}', 'exists match pattern must be either true or false.', 20],
  [
    '{"key":[{"anything-but":{"wrong-operator":null}}]}',
    'Unsupported anything-but pattern: wrong-operator',
    47,
  ],
  ['{"key":[{"anything-but":{"exists":false}}]}', 'Unsupported anything-but pattern: exists', 40],
  ['{"key":[{"anything-but":{"prefix":false}}]}', 'prefix match pattern must be a string', 40],
  ['{"key":[{"cidr":["bad-filter"]}]}', 'prefix match pattern must be a string', 18],
  ['{"key":[]}', 'Empty arrays are not allowed', 10],
])('%s is refused with the text that AWS was seen to answer with', (policy, reason, column) => {
  expect(refusalOf(policy)).toBe(
    `FilterPolicy: ${reason}\n at [Source: (String)"${policy}"; line: 1, column: ${column}]`,
  )
})

/** The same rules, where no answer of AWS's was recorded: after the source of the compiler that SNS shares with EventBridge. */
test.each([
  ['[]', 'Filter is not an object', 2],
  ['"a"', 'Filter is not an object', 2],
  ['17', 'Filter is not an object', 3],
  ['{"a":{}}', 'Empty objects are not allowed', 8],
  ['{"a":true}', '"a" must be an object or an array', 10],
  ['{"a":[{}]}', 'Match expression name not found', 9],
  ['{"a":[{"numeric":5}]}', 'Value of numeric must be an array.', 19],
  ['{"a":[{"numeric":[{}]}]}', 'Invalid member in numeric match: {', 20],
  ['{"a":[{"numeric":["=",1,2]}]}', 'Too many elements in numeric expression', 26],
  ['{"a":[{"numeric":["=",1],"x":1}]}', 'Too many elements in numeric expression', 31],
  ['{"a":[{"numeric":["=",1000000001]}]}', 'Value must be between -1.0E9 and 1.0E9, inclusive', 34],
  ['{"a":[{"numeric":[">",-1000000001]}]}', 'Value must be between -1.0E9 and 1.0E9, inclusive', 35],
  ['{"a":[{"numeric":["<",1e10]}]}', 'Value must be between -1.0E9 and 1.0E9, inclusive', 28],
  ['{"a":[{"numeric":[">",1,"<",1]}]}', 'Bottom must be less than top', 31],
  ['{"a":[{"numeric":[">",0.000001,"<",0.000002]}]}', 'Bottom must be less than top', 45],
  ['{"a":[{"exists":true,"x":1}]}', 'Only one key allowed in match expression', 27],
  ['{"a":[{"prefix":"x","y":"z"}]}', 'Only one key allowed in match expression', 26],
  ['{"a":[{"equals-ignore-case":5}]}', 'equals-ignore-case match pattern must be a string', 30],
  ['{"a":[{"wildcard":[]}]}', 'wildcard match pattern must be a string', 20],
  ['{"a":[{"wildcard":"a**b"}]}', 'Consecutive wildcard characters at pos 2', 25],
  ['{"a":[{"wildcard":"ä**"}]}', 'Consecutive wildcard characters at pos 3', 24],
  ['{"a":[{"wildcard":"a\\\\b"}]}', 'Invalid escape character at pos 2', 25],
  ['{"a":[{"wildcard":"a\\\\"}]}', 'Invalid escape character at pos 2', 24],
  [
    '{"a":[{"anything-but":true}]}',
    'Value of anything-but must be an array or single string/number value.',
    27,
  ],
  ['{"a":[{"anything-but":[true]}]}', 'Inside anything but list, start|null|boolean is not supported.', 28],
  ['{"a":[{"anything-but":["x",1]}]}', mixedWords(), 30],
  ['{"a":[{"anything-but":[]}]}', mixedWords(), 25],
  ['{"a":[{"anything-but":"x","y":1}]}', 'Too many elements in numeric expression', 32],
  ['{"a":[{"anything-but":{}}]}', 'Anything-But expression name not found', 25],
  ['{"a":[{"anything-but":{"prefix":""}}]}', 'Null prefix/suffix not allowed', 35],
  ['{"a":[{"anything-but":{"suffix":["x",""]}}]}', 'Null prefix/suffix not allowed', 40],
  ['{"a":[{"anything-but":{"prefix":[]}}]}', 'Empty arrays are not allowed', 35],
  ['{"a":[{"anything-but":{"wildcard":[1]}}]}', 'wildcard match pattern must be a string', 37],
  ['{"a":[{"anything-but":{"prefix":"x","suffix":"y"}}]}', 'Only one key allowed in match expression', 47],
  ['{"a":[{"anything-but":1e10}]}', 'Value must be between -1.0E9 and 1.0E9, inclusive', 27],
  ['{"$or":[{"a":["x"]}]}', 'Unrecognized match type a', 15],
  ['{"$or":[{"a":["x"]},"y"]}', 'Unrecognized match type a', 15],
  ['{"$or":[{"a":["x"]},{"prefix":["x"]}]}', 'Unrecognized match type a', 15],
  ['{"$or":[{"a":{"cidr":["x"]}},{"b":["x"]}]}', 'Unrecognized match type a', 15],
  ['{"$or":[{"a":"x"},{"b":["y"]}]}', '"a" must be an object or an array', 15],
  ['{"$or":[{},{"b":["y"]}]}', 'Empty objects are not allowed', 11],
  ['{"$or":"x"}', '"$or" must be an object or an array', 9],
  ['{\n "a":\r\n  [ ]}', 'Empty arrays are not allowed', { line: 3, column: 6 }],
])('%s is refused after the rules of the compiler', (policy, reason, at) => {
  const { line, column } = typeof at === 'number' ? { line: 1, column: at } : at
  expect(refusalOf(policy)).toBe(
    `FilterPolicy: ${reason}\n at [Source: (String)"${policy}"; line: ${line}, column: ${column}]`,
  )
})

test.each([
  ['bad-filter', "Malformed CIDR, one '/' required"],
  ['10.0.0.0/', "Malformed CIDR, one '/' required"],
  ['10.0.0.0/8/8', "Malformed CIDR, one '/' required"],
  ['bad-filter/64', 'Nonstandard IP address: bad-filter'],
  ['xx.11.xx/8', 'Nonstandard IP address: xx.11.xx'],
  ['xxxx:db8:1234:1a00::/64', 'Nonstandard IP address: xxxx:db8:1234:1a00::'],
  ['10.0.0/8', 'Nonstandard IP address: 10.0.0'],
  ['1:2:3/8', 'Nonstandard IP address: 1:2:3'],
  ['1::2::3/8', 'Nonstandard IP address: 1::2::3'],
  ['1:2:3:4:5:6:7:8::/8', 'Nonstandard IP address: 1:2:3:4:5:6:7:8::'],
  ['10.0.0.256/8', 'Invalid IP address: 10.0.0.256'],
  ['10.0.0.0/x', 'Malformed CIDR, mask bits must be an integer'],
  ['10.0.0.0/1.5', 'Malformed CIDR, mask bits must be an integer'],
  ['10.0.0.0/9999999999', 'Malformed CIDR, mask bits must be an integer'],
  ['10.0.0.0/-1', 'Malformed CIDR, mask bits must not be negative'],
  ['10.0.0.0/33', 'IPv4 mask bits must be < 33'],
  ['::/129', 'IPv6 mask bits must be < 129'],
])('the network %s is refused without a place', (cidr, reason) => {
  expect(refusalOf(JSON.stringify({ a: [{ cidr }] }))).toBe(`FilterPolicy: ${reason}`)
})

test.each([
  ['{invalid}', "Unexpected character ('i' (code 105)): was expecting double-quote to start field name", 2],
  ['invalid', `Unrecognized token 'invalid': was expecting ${valueWords()}`, 8],
  ['', 'No content to map due to end-of-input', 1],
  ['{', endWords('Object'), 2],
  ['{"a"', endWords('Object'), 5],
  ['{"a":', endWords('Object'), 6],
  ['[', endWords('Array'), 2],
  ['["a"', endWords('Array'), 5],
  ['{"a":["x"]', endWords('Object'), 11],
  [
    '{"a":["x"],}',
    "Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
    12,
  ],
  ['{"a":["x",]}', `Unexpected character (']' (code 93)): expected a valid value ${valueWords()}`, 11],
  [
    '{"a":["x" "y"]}',
    "Unexpected character ('\"' (code 34)): was expecting comma to separate Array entries",
    11,
  ],
  [
    '{"a":["x"] "b"',
    "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
    12,
  ],
  [
    '{"a"["x"]}',
    "Unexpected character ('[' (code 91)): was expecting a colon to separate field name and value",
    5,
  ],
  ["{'a':1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 2],
  ['{"a":nul}', `Unrecognized token 'nul': was expecting ${valueWords()}`, 9],
  ['{"a":[NaN]}', `Unrecognized token 'NaN': was expecting ${valueWords()}`, 10],
  ['{"a":[01]}', 'Invalid numeric value: Leading zeroes not allowed', 8],
  ['{"a":[-]}', "Unexpected character (']' (code 93)): expected digit (0-9) in a numeric value", 8],
  ['{"a":[1.]}', "Unexpected character (']' (code 93)): expected digit (0-9) in a numeric value", 9],
  ['{"a":["x', 'Unexpected end-of-input: was expecting closing quote for a string value', 9],
  ['{"a":["\\x"]}', "Unrecognized character escape 'x' (code 120)", 9],
  ['{"a":["\\u12"]}', 'Unexpected character in a character escape sequence: expected a hex-digit', 9],
  ['{"a":["x\ty"]}', controlWords(9), 9],
  ['{"a":["x"]}]', "Unexpected character (']' (code 93)): Expected end-of-input", 12],
])('%j is refused as no JSON', (policy, reason, column) => {
  expect(refusalOf(policy)).toBe(
    `FilterPolicy: failed to parse JSON. ${reason}\n at [Source: ${hiddenSource()}; line: 1, column: ${column}]`,
  )
})

test('of a long policy five hundred characters are quoted', () => {
  const policy = `{"a":["${'x'.repeat(600)}",[]]}`
  expect(refusalOf(policy)).toBe(
    'FilterPolicy: Match value must be String, number, true, false, or null\n' +
      ` at [Source: (String)"${policy.slice(0, 500)}"[truncated ${policy.length - 500} chars]; line: 1, column: 611]`,
  )
})

const values = (count: number) => Array.from({ length: count }, (_, i) => `value${i}`)
const keys = (count: number) => Object.fromEntries(values(count).map((value) => [value, ['x']]))

test.each<[string, unknown, FilterScope, string | null]>([
  ['five keys', keys(5), 'MessageAttributes', null],
  ['six keys', keys(6), 'MessageAttributes', 'Filter policy can not have more than 5 keys'],
  ['six keys of a body', keys(6), 'MessageBody', 'Filter policy can not have more than 5 keys'],
  ['ten nested keys', { a: keys(7) }, 'MessageBody', null],
  ['a hundred and fifty values', { key: values(150) }, 'MessageAttributes', null],
  [
    'a hundred and fifty-one values',
    { key: values(151) },
    'MessageAttributes',
    'Filter policy is too complex',
  ],
  ['100 times 51', { a: values(100), b: values(51) }, 'MessageAttributes', 'Filter policy is too complex'],
  ['3 times 5 times 10', { a: values(3), b: values(5), c: values(10) }, 'MessageAttributes', null],
  ['(3 · 4) · (2 · 3)', { a: { b: { c: values(4) } }, d: { e: values(3) } }, 'MessageBody', null],
  [
    '(3 · 4) · (2 · 3) · 3',
    { a: { b: { c: values(4) } }, d: { e: values(3) }, f: values(3) },
    'MessageBody',
    'Filter policy is too complex',
  ],
  [
    '4 · (6 + 4 · (4 + 4))',
    { s: values(4), $or: [{ n: values(6) }, { t: values(4), $or: [{ i: values(4) }, { j: values(4) }] }] },
    'MessageAttributes',
    'Filter policy is too complex',
  ],
  [
    '3 · (6 + 4 · (4 + 7))',
    { s: values(3), $or: [{ n: values(6) }, { t: values(4), $or: [{ i: values(4) }, { j: values(7) }] }] },
    'MessageAttributes',
    null,
  ],
  [
    '(3 + 2) · (2 · 2) · (2 · 1 + 2 · 3)',
    {
      $or: [{ m: values(3) }, { n: values(2) }],
      d: { s: values(2), $or: [{ t: values(1) }, { u: values(3) }] },
    },
    'MessageBody',
    'Filter policy is too complex',
  ],
  [
    'anything-but with many values, which are one',
    { a: [{ 'anything-but': values(500) }] },
    'MessageAttributes',
    null,
  ],
  ['three wildcards', { a: [{ wildcard: '*a*b*' }] }, 'MessageAttributes', null],
  [
    'four wildcards',
    { a: [{ wildcard: '*a*b*c*' }] },
    'MessageAttributes',
    'A wildcard pattern can not have more than 3 wildcard characters',
  ],
  ['ten patterns of one point', { a: values(10).map((v) => ({ wildcard: `${v}*` })) }, 'MessageBody', null],
  [
    'eleven patterns of one point',
    { a: values(11).map((v) => ({ wildcard: `${v}*` })) },
    'MessageBody',
    'Filter policy is too complex',
  ],
  [
    'patterns of two fields: (6 + 6) · 2 + (9 + 9 + 1) · 3 + 4 · 4',
    {
      a: [{ wildcard: 'a*b*' }, { 'anything-but': { wildcard: '*b*' } }],
      b: [{ wildcard: '*a*b*' }, { wildcard: '*a*c*' }, { wildcard: 'x*' }],
      c: values(4).map((v) => ({ wildcard: `*${v}` })),
    },
    'MessageBody',
    null,
  ],
  [
    'patterns of two fields: (6 + 6) · 2 + (9 + 9 + 1) · 3 + 5 · 5',
    {
      a: [{ wildcard: 'a*b*' }, { 'anything-but': { wildcard: '*b*' } }],
      b: [{ wildcard: '*a*b*' }, { wildcard: '*a*c*' }, { wildcard: 'x*' }],
      c: values(5).map((v) => ({ wildcard: `*${v}` })),
    },
    'MessageBody',
    'Filter policy is too complex',
  ],
])('%s', (_, policy, scope, reason) => {
  expect(refusalOf(JSON.stringify(policy), scope)).toBe(reason === null ? null : `FilterPolicy: ${reason}`)
})

test('a nested policy is refused for attributes, with words of its own', () => {
  const nested = 'Filter policy scope MessageAttributes does not support nested filter policy'
  expect(refusalOf('{"object":{"key":[{"prefix":"auto-"}]}}', 'MessageAttributes')).toBe(nested)
  expect(refusalOf('{"$or":[{"a":{"b":["c"]}},{"d":["e"]}]}', 'MessageAttributes')).toBe(nested)
  expect(refusalOf('{"$or":[{"a":["c"]},{"d":["e"]}]}', 'MessageAttributes')).toBeNull()
})

test('what is wrong inside of a policy is told before its nesting and its complexity', () => {
  expect(refusalOf('{"a":{"suffix":"x"}}', 'MessageAttributes')).toContain('must be an object or an array')
  expect(refusalOf(JSON.stringify({ a: [...values(200), []] }))).toContain('Match value must be')
})

test('a policy has at most 256 KB, in UTF-8', () => {
  const ofLength = (bytes: number) => `{"a":["${'ä'.repeat((bytes - 10) / 2)}"]}`
  expect(refusalOf(ofLength(262_144))).toBeNull()
  expect(refusalOf(ofLength(262_146))).toBe('FilterPolicy: Filter policy can not be larger than 262144 bytes')
})

test('numbers up to a thousand million may be compared with', () => {
  expect(refusalOf('{"a":[{"numeric":[">=",-1000000000,"<=",1e9]},{"anything-but":-1e9}]}')).toBeNull()
})

test('a scope is one of two', () => {
  expect(parseFilterScope('MessageBody')).toBe('MessageBody')
  expect(parseFilterScope('MessageAttributes')).toBe('MessageAttributes')
  expect(() => parseFilterScope('RandomValue')).toThrow(
    new FilterPolicyError(
      'FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes',
    ),
  )
})

test.each([
  ['objects', '{"a":'.repeat(50_000)],
  ['arrays', `{"a":${'['.repeat(200_000)}`],
  ['arrays in a whole policy', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
])('a policy of %s in each other is refused as the reader of JSON behind AWS refuses it', (_, policy) => {
  expect(refusalOf(policy)).toContain(
    'Document nesting depth (1001) exceeds the maximum allowed (1000, from `StreamReadConstraints.getMaxNestingDepth()`)',
  )
})

test.each<[string, () => string]>([
  ['a name of a hundred thousand points', () => JSON.stringify({ ['.'.repeat(100_000)]: ['x'] })],
  ['alternatives of very many keys', () => manyWays()],
  ['alternatives in alternatives', () => nestedWays()],
  ['a wildcard of very many stars', () => JSON.stringify({ a: [{ wildcard: '*a'.repeat(100_000) }] })],
])('%s is refused, and at once', (_, policy) => {
  expect(refusalOf(policy())).not.toBeNull()
})

function manyWays(): string {
  const many = Object.fromEntries(Array.from({ length: 15_000 }, (_, i) => [`k${i}`, ['x']]))
  const few = Array.from({ length: 70 }, (_, i) => ({ [`f${i}`]: ['x'] }))
  return JSON.stringify({ $or: [many, { z: ['x'] }], b: { $or: few } })
}

function nestedWays(): string {
  let policy = '{"a":["x"]}'
  for (let depth = 0; depth < 300; depth++) policy = `{"$or":[${policy},{"b":["x"]}]}`
  return policy
}

function valueWords(): string {
  return "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
}

function hiddenSource(): string {
  return 'REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)'
}

function endWords(what: 'Object' | 'Array'): string {
  return `Unexpected end-of-input: expected close marker for ${what} (start marker at [Source: ${hiddenSource()}; line: 1, column: 1])`
}

function controlWords(code: number): string {
  return `Illegal unquoted character ((CTRL-CHAR, code ${code})): has to be escaped using backslash to be included in string value`
}

function mixedWords(): string {
  return 'Inside anything but list, either all values are number or string, mixed type is not supported'
}
