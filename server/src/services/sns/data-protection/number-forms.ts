/** Forms of numbers that several identifiers have. */

/** France: sex, year, month, department, commune, order, and key. */
export const INSEE = '[12] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-4]\\d) ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}'

/** Spain: a DNI, which is also what a NIF and the number of a driver's license are. */
export const DNI = '\\d{8}[ -]?[A-Z]'
