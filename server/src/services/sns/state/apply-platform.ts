import type { SnsContext } from './context.ts'
import { PlatformApplication, PlatformEndpoint } from './platform-application.ts'
import { PLATFORM_EVENT, type PlatformEvent } from './platform-events.ts'

/** As `applyEvent`, for platform applications and their endpoints. */
export function applyPlatformEvent(context: SnsContext, event: PlatformEvent): void {
  const { units, root, applications, cleanup } = context
  switch (event.kind) {
    case PLATFORM_EVENT.applicationCreated: {
      root.touch()
      root.nextApplication = event.application + 1
      const { application: number, address, attributes } = event
      const application = new PlatformApplication(units, { number, address, attributes })
      units.add(application)
      applications.add(application)
      return
    }
    case PLATFORM_EVENT.applicationChanged: {
      const application = applicationNumbered(context, event.application)
      application.touch()
      application.attributes = event.attributes
      return
    }
    case PLATFORM_EVENT.applicationDeleted: {
      const application = applicationNumbered(context, event.application)
      root.touch()
      applications.remove(application)
      cleanup.add(application)
      return
    }
    case PLATFORM_EVENT.allApplicationsDeleted:
      root.touch()
      for (const application of applications.takeAll()) cleanup.add(application)
      return
    case PLATFORM_EVENT.endpointCreated: {
      root.touch()
      root.nextPlatformEndpoint = event.endpoint + 1
      const { endpoint: number, id, settings } = event
      const endpoint = new PlatformEndpoint({ number, id, settings, addressed: 0 })
      units.add(endpoint)
      applicationNumbered(context, event.application).add(endpoint)
      return
    }
    case PLATFORM_EVENT.endpointChanged: {
      const application = applicationNumbered(context, event.application)
      application.changeEndpoint(endpointNumbered(application, event.endpoint), event.settings)
      return
    }
    case PLATFORM_EVENT.endpointDeleted: {
      const application = applicationNumbered(context, event.application)
      const endpoint = endpointNumbered(application, event.endpoint)
      application.remove(endpoint)
      units.remove(endpoint)
      return
    }
    case PLATFORM_EVENT.endpointAddressed: {
      const endpoint = endpointNumbered(applicationNumbered(context, event.application), event.endpoint)
      endpoint.change(units, { addressed: endpoint.record.addressed + event.messages })
      return
    }
    default:
      event satisfies never
  }
}

function applicationNumbered({ applications }: SnsContext, number: number): PlatformApplication {
  const application = applications.numbered(number)
  if (application === undefined) throw new Error(`no platform application has the number ${number}`)
  return application
}

function endpointNumbered(application: PlatformApplication, number: number): PlatformEndpoint {
  const endpoint = application.numbered(number)
  if (endpoint === undefined) throw new Error(`no endpoint of the application has the number ${number}`)
  return endpoint
}
