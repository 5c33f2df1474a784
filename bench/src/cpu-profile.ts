/** A profile as `node --cpu-prof` writes it, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  /** The node that was running at each sample. */
  readonly samples: readonly number[]
  /** Microseconds from the sample before to each sample. */
  readonly timeDeltas: readonly number[]
}

export interface SelfTime {
  /** Name, file and line of a function. */
  readonly place: string
  /** Of the time in which the process was not idle. */
  readonly fraction: number
}

/** The functions in which the time itself went, without what they called; the most expensive first. */
export function topSelfTimes(profile: CpuProfile, limit: number): readonly SelfTime[] {
  const placeOfNode = new Map(profile.nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
  const timeOfPlace = new Map<string, number>()
  let busy = 0
  profile.samples.forEach((node, i) => {
    const place = placeOfNode.get(node)
    if (place === undefined || place === '(idle)') return
    const time = profile.timeDeltas[i] ?? 0
    busy += time
    timeOfPlace.set(place, (timeOfPlace.get(place) ?? 0) + time)
  })
  return [...timeOfPlace]
    .map(([place, time]) => ({ place, fraction: time / busy }))
    .sort((a, b) => b.fraction - a.fraction)
    .slice(0, limit)
}

function placeOf(frame: CpuProfile['nodes'][number]['callFrame']): string {
  const name = frame.functionName === '' ? '(anonymous)' : frame.functionName
  if (frame.url === '') return name
  // V8 counts lines from 0, editors from 1.
  return `${name} ${frame.url.replace(/^.*\/(server|bench)\/dist\//, '$1/')}:${frame.lineNumber + 1}`
}
