import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  TagQueueCommand,
} from '@aws-sdk/client-sqs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { browserPath, FOREIGN_HOST, TestBrowser } from '../browser.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

/** The web console, as a person uses it in a browser. */
const CONSOLE = '/_millrace/console/'
const MANY_QUEUES = 10_000
/** For browser and servers to start, on a busy machine, in milliseconds. */
const START_MS = 90_000
/** What a page says of an answer that refuses something, beside what the console shows. */
const EXPECTED = /^Failed to load resource: the server responded with a status of 4\d\d/

const suite = describe.skipIf(browserPath === undefined)
const title =
  browserPath === undefined
    ? 'the web console (needs Chromium, which `npm test` installs where there is apt-get)'
    : 'the web console'

suite(title, () => {
  let browser: TestBrowser
  let directory: string
  /** Without authentication. */
  let open: ServerProcess
  let closed: ServerProcess
  let crowded: ServerProcess
  let crowdedStart: Promise<void>
  let sqs: SQSClient
  const pages: Page[] = []

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-console-'))
    const config = join(directory, 'millrace.yaml')
    const names = Array.from({ length: MANY_QUEUES }, (_, i) => `many-${String(i).padStart(5, '0')}`)
    await writeFile(config, `queues:\n${names.map((name) => `  - name: ${name}\n`).join('')}`)
    ;[browser, open, closed, crowded] = await Promise.all([
      TestBrowser.launch(),
      ServerProcess.create('--auth', 'off', '--durability', 'os'),
      ServerProcess.create('--durability', 'os'),
      ServerProcess.create('--auth', 'off', '--durability', 'memory', '--config', config),
    ])
    // Others are tested while so many queues are made.
    crowdedStart = crowded.start()
    crowdedStart.catch(() => {})
    await Promise.all([open.start(), closed.start()])
    sqs = new SQSClient({
      ...{ endpoint: open.url, region: 'us-east-1', maxAttempts: 1 },
      credentials: { accessKeyId: '000000000000', secretAccessKey: 'any' },
    })
  }, START_MS)
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
    expect(browser.complaints.splice(0).filter((complaint) => !EXPECTED.test(complaint))).toEqual([])
  })
  afterAll(async () => {
    sqs?.destroy()
    await Promise.all([browser, open, closed, crowded].map((each) => each && end(each)))
    await rm(directory, { recursive: true, force: true })
  })

  /** A page of the console; `address` is what follows the `#`. */
  async function goTo(address = '', server = open.url): Promise<Page> {
    const page = await browser.open()
    pages.push(page)
    await page.goto(`${server}${CONSOLE}#${address}`)
    return page
  }

  async function signIn(page: Page, secret: string = TEST_KEY.secretAccessKey): Promise<void> {
    await page.getByLabel('Access key').fill(TEST_KEY.accessKeyId)
    await page.getByLabel('Secret key').fill(secret)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  async function create(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
    await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))
    return QueueName
  }

  const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }))
  const receive = async (QueueUrl: string, more: object = {}) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], ...more })))
      .Messages ?? []
  const attributesOf = async (QueueUrl: string) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {}
  const count = (page: Page, name: string) => page.locator('.counts div', { hasText: name }).locator('dd')
  const row = (page: Page, text: string) => page.locator('tbody tr:not(.details)', { hasText: text })
  const redriveTo = (queue: string, maxReceiveCount = 1) => ({
    RedrivePolicy: JSON.stringify({
      ...{ deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${queue}`, maxReceiveCount },
    }),
  })

  describe('signing in', () => {
    test('a browser at the bare address comes to the console, and a wrong secret is told in AWS’s words', async () => {
      const page = await browser.open()
      pages.push(page)
      await page.goto(closed.url)
      expect(page.url()).toBe(closed.url + CONSOLE)
      await signIn(page, 'not-the-secret-of-that-key')
      await expectText(page.getByRole('alert'), /^InvalidSignatureException The request signature/)
      expect(await stored(page)).toEqual([])
    })

    test('the key is kept for the tab alone, outlives a reload, and is forgotten by signing out', async () => {
      const page = await goTo('', closed.url)
      await signIn(page)
      await expectText(page.getByRole('main'), /There are no queues in us-east-1/)
      expect(await page.evaluate('JSON.stringify({ ...localStorage }) + document.cookie')).not.toContain(
        TEST_KEY.secretAccessKey,
      )
      await page.reload()
      await expectText(page.getByRole('main'), /There are no queues in us-east-1/)
      const other = await goTo('', closed.url)
      await expectText(other.getByRole('main'), /Access key/)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await expectText(page.getByRole('main'), /Access key/)
      expect(await stored(page)).toEqual([])
    })

    test('the secret is in no request', async () => {
      const page = await goTo('', closed.url)
      const sent: string[] = []
      page.on('request', (request) =>
        sent.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? ''),
      )
      await signIn(page)
      await expectText(page.getByRole('main'), /There are no queues/)
      expect(sent.join()).toContain(`Credential=${TEST_KEY.accessKeyId}/`)
      expect(sent.join()).not.toContain(TEST_KEY.secretAccessKey)
    })

    test('it works, with a warning, where the browser has no cryptography for pages from elsewhere', async () => {
      const page = await goTo('', closed.url.replace('127.0.0.1', FOREIGN_HOST))
      expect(await page.evaluate('isSecureContext')).toBe(false)
      await expectText(page.getByRole('main'), /connection that is not encrypted/)
      await signIn(page)
      await expectText(page.getByRole('main'), /There are no queues in us-east-1/)
    })

    test('with authentication off it opens at once, in every region and account', async () => {
      await create('here')
      const page = await goTo()
      await row(page, 'here').waitFor()
      await page.getByLabel('Region').fill('eu-west-1')
      await page.getByLabel('Region').press('Enter')
      await expectText(page.getByRole('main'), /There are no queues in eu-west-1/)
      await page.getByLabel('Region').fill('us-east-1')
      await page.getByLabel('Region').press('Enter')
      await row(page, 'here').waitFor()
      await page.getByLabel('Account').fill('111111111111')
      await page.getByLabel('Account').press('Enter')
      await expectText(page.getByRole('main'), /There are no queues in us-east-1/)
      await page.reload()
      await expectText(page.getByRole('main'), /There are no queues in us-east-1/)
    })
  })

  describe('the list', () => {
    test('queues have counts, marks and where dead letters go, and follow what happens', async () => {
      await create('list-dead')
      const queue = await create('list-orders', redriveTo('list-dead', 5))
      await create('list-payments.fifo', { FifoQueue: 'true' })
      for (const body of ['a', 'b', 'c']) await send(queue, body)
      await receive(queue)
      await send(queue, 'later', { DelaySeconds: 900 })
      const page = await goTo()
      await page.getByRole('searchbox').fill('list-')
      await expectCells(row(page, 'list-orders'), ['2', '1', '1', 'list-dead'])
      await expectText(row(page, 'list-payments'), /FIFO/)
      await expectText(row(page, 'list-dead').first(), /DLQ/)
      expect(await row(page, 'list-payments').innerText()).not.toContain('DLQ')
      await expect.poll(() => page.locator('tbody tr').count()).toBe(3)
      await send(queue, 'd')
      await expectCells(row(page, 'list-orders'), ['3', '1', '1', 'list-dead'])
    })

    test('of ten thousand queues it asks for one page, and finds others by their beginning', async () => {
      await crowdedStart
      const page = await goTo('', crowded.url)
      const before = browser.requests.length
      await row(page, 'many-00049').waitFor()
      await expectCells(row(page, 'many-00049'), ['0', '0', '0', ''])
      expect(await page.locator('tbody tr').count()).toBe(50)
      await page.getByRole('button', { name: 'Next' }).click()
      await row(page, 'many-00050').waitFor()
      await expectText(page.locator('.pager'), /51 to 100/)
      await page.getByRole('button', { name: 'Previous' }).click()
      await row(page, 'many-00000').waitFor()
      await page.getByRole('searchbox').fill('many-0777')
      await row(page, 'many-07770').waitFor()
      await expectText(row(page, 'many-07779').locator('td').first(), /0/)
      await expect.poll(() => page.locator('tbody tr').count()).toBe(10)
      // Each page: the list, and two requests for each queue; at most two refreshes of one meanwhile.
      expect(browser.requests.length - before).toBeLessThan(500)
    })

    test('a queue is created, with its dead-letter queue by name; what is wrong stays in the dialog', async () => {
      await create('create-dead.fifo', { FifoQueue: 'true' })
      const page = await goTo()
      await page.getByRole('button', { name: 'Create queue' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Name').fill('create-orders.fifo')
      await dialog.getByLabel('Visibility timeout').fill('77777')
      await dialog.getByLabel('Deduplicate by content').check()
      await dialog.getByLabel('Dead letters go to').fill('create-dead.fifo')
      await dialog.getByRole('button', { name: 'Create' }).click()
      await expectText(dialog.getByRole('alert'), /^InvalidAttributeValue Invalid value/)
      await dialog.getByLabel('Visibility timeout').fill('77')
      await dialog.getByRole('button', { name: 'Create' }).click()
      await row(page, 'create-orders.fifo').waitFor()
      expect(await attributesOf('create-orders.fifo')).toMatchObject({
        ...{ VisibilityTimeout: '77', FifoQueue: 'true', ContentBasedDeduplication: 'true' },
        RedrivePolicy:
          '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:create-dead.fifo","maxReceiveCount":3}',
      })
    })
  })

  describe('messages', () => {
    test('are shown as they are and not received, with deadlines and receive counts', async () => {
      const queue = await create('look')
      const MessageAttributes = { source: { DataType: 'String', StringValue: 'web-shop' } }
      await send(queue, 'in flight soon')
      await receive(queue, { VisibilityTimeout: 600 })
      await send(queue, '{"id":12345678901234567890,"a":[1]}', { MessageAttributes })
      await send(queue, 'later', { DelaySeconds: 900 })
      const page = await goTo('/queues/look')
      await expectCells(row(page, 'in flight soon'), [
        ...['▸', 'in flight soon', /^in flight\s+visible in 10 min$/, '1', / s ago$/],
      ])
      await expectText(row(page, 'later'), /delayed\s+visible in 15 min/)
      await expectText(row(page, '12345'), /waiting/)
      await row(page, '12345').click()
      const details = page.locator('tr.details:not([hidden])')
      expect(await details.locator('pre').innerText()).toBe(
        '{\n  "id": 12345678901234567890,\n  "a": [\n    1\n  ]\n}',
      )
      await details.getByRole('button', { name: 'As sent' }).click()
      await expectText(details.locator('pre'), /^\{"id":12345678901234567890,"a":\[1\]\}$/)
      await expectText(details, /source String\s+web-shop/)
      await expectText(details, /ApproximateFirstReceiveTimestamp\s+never/)
      expect(await attributesOf(queue)).toMatchObject({ ApproximateNumberOfMessages: '1' })
      expect((await receive(queue))[0]?.Attributes?.ApproximateReceiveCount).toBe('1')
      await expectText(row(page, '12345'), /in flight/)
      await page.getByLabel('In flight').uncheck()
      await expectText(page.locator('tbody'), /^(?!.*in flight).*later/s)
      expect(await page.locator('tbody tr:not(.details)').count()).toBe(1)
    })

    test('come a page at a time, the oldest first', async () => {
      const queue = await create('pages')
      for (let i = 0; i < 120; i++) await send(queue, `message ${i}`)
      const page = await goTo('/queues/pages')
      await row(page, 'message 49').waitFor()
      expect(await page.locator('tbody tr:not(.details)').count()).toBe(50)
      await page.getByRole('button', { name: 'Next' }).click()
      await row(page, 'message 50').waitFor()
      await page.getByRole('button', { name: 'Next' }).click()
      await row(page, 'message 119').waitFor()
      expect(await page.locator('tbody tr:not(.details)').count()).toBe(20)
      expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true)
      await page.getByRole('button', { name: 'Previous' }).click()
      await row(page, 'message 99').waitFor()
      await page.getByRole('button', { name: 'Oldest' }).click()
      await row(page, 'message 0').first().waitFor()
    })

    test('are followed as they come in, without those that were there', async () => {
      const queue = await create('follow')
      await send(queue, 'old')
      const page = await goTo('/queues/follow')
      await row(page, 'old').waitFor()
      await page.getByRole('button', { name: 'Follow' }).click()
      await expectText(page.getByRole('main'), /Nothing came in yet/)
      // The first answer says from where on: what is sent before that is not new.
      await page.waitForResponse((response) => response.url().endsWith('/_aws/sqs/messages'))
      for (const body of ['new 1', 'new 2']) await send(queue, body)
      await row(page, 'new 2').waitFor()
      await row(page, 'new 1').waitFor()
      expect((await page.locator('td.body').allInnerTexts())[0]).toBe('new 2')
      await page.getByRole('button', { name: 'Follow' }).click()
      await row(page, 'old').waitFor()
    })

    test('that are long are cut until all is asked for', async () => {
      const queue = await create('large')
      const item = '{"name":"millstone","price":12.50},'
      await send(queue, `[${item.repeat(12_000)}0]`)
      const page = await goTo('/queues/large')
      await row(page, 'millstone').click()
      const body = page.locator('tr.details pre')
      expect((await body.textContent())?.length).toBeLessThan(33_000)
      await page.getByRole('button', { name: /^Show all/ }).click()
      await expect.poll(async () => (await body.textContent())?.length ?? 0).toBeGreaterThan(500_000)
    })
  })

  describe('hostile content', () => {
    const HOSTILE = [
      '<img src=x onerror="window.hacked=1">',
      '<script>window.hacked=1</script>',
      '"><svg onload=window.hacked=1>',
      "';window.hacked=1;//",
      `$\{window.hacked=1}`,
      '<a href="javascript:window.hacked=1">x</a>',
      '{"__html":"<img src=x onerror=window.hacked=1>","_$litType$":1,"strings":["<img src=x onerror=window.hacked=1>"]}',
    ]

    test('in bodies, attributes, groups and tags is text, and nothing else', async () => {
      const queue = await create('hostile.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' })
      for (const [i, text] of HOSTILE.entries()) {
        const hostile = { DataType: 'String', StringValue: text }
        await send(queue, text, {
          MessageGroupId: '<b>"\'/onload=x',
          MessageAttributes: { hostile, typed: { ...hostile, DataType: 'String.<img src=x onerror=1>' } },
        }).catch(() => send(queue, text, { MessageGroupId: 'g', MessageAttributes: { hostile } }))
        const Tags = { [`tag-${i}`]: text.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '') || 'x' }
        await sqs.send(new TagQueueCommand({ QueueUrl: queue, Tags }))
      }
      const page = await goTo('/queues/hostile.fifo')
      await row(page, 'onload=window.hacked').waitFor()
      for (const button of await page.locator('button[aria-expanded]').all()) await button.click()
      await expect.poll(() => page.locator('tr.details:not([hidden])').count()).toBe(HOSTILE.length)
      const bodies = await page.locator('td.body').allInnerTexts()
      expect(bodies.map((body) => body.trim())).toEqual(HOSTILE)
      await expectText(page.locator('tr.details').first(), /hostile String\s+<img src=x onerror/)
      await page.getByRole('link', { name: 'Tags' }).click()
      await page.locator('tbody tr', { hasText: 'tag-6' }).waitFor()
      expect(await page.locator('main img, main script, main svg, main a[href^="javascript"]').count()).toBe(
        0,
      )
      expect(await page.evaluate('window.hacked')).toBeUndefined()
    })

    test('in an address, and in what a server refuses, is text too', async () => {
      const page = await goTo(`/queues/${encodeURIComponent(HOSTILE[0]!)}`)
      await page.getByRole('alert').first().waitFor()
      await expectText(page.getByRole('heading', { level: 1 }), /<img src=x onerror/)
      expect(await page.locator('main img').count()).toBe(0)
      expect(await page.evaluate('window.hacked')).toBeUndefined()
    })

    test('that got into the page all the same could do nothing', async () => {
      const page = await goTo('/queues')
      await page.getByRole('heading', { name: 'Queues' }).waitFor()
      const attempt = (code: string) =>
        page.evaluate(`(() => { try { ${code}; return 'done' } catch (error) { return error.name } })()`)
      expect(await attempt("document.body.innerHTML = '<img src=x onerror=hacked=1>'")).toBe('TypeError')
      expect(await attempt("document.createElement('script').text = 'hacked=1'")).toBe('TypeError')
      expect(await attempt("document.body.setAttribute('onclick', 'hacked=1')")).toBe('TypeError')
      expect(await attempt("trustedTypes.createPolicy('default', { createHTML: (html) => html })")).toBe(
        'TypeError',
      )
      const elsewhere = `fetch('${closed.url}/health/live', { mode: 'no-cors' }).then(() => 'done', (e) => e.name)`
      expect(await page.evaluate(elsewhere)).toBe('TypeError')
      const framed = await browser.open()
      pages.push(framed)
      await framed.route('**/frame.html', (route) =>
        route.fulfill({ contentType: 'text/html', body: `<iframe src="${open.url}${CONSOLE}"></iframe>` }),
      )
      await framed.goto(`${closed.url}/frame.html`)
      await expect.poll(() => framed.frames()[1]?.url()).toBe('chrome-error://chromewebdata/')
      expect(browser.complaints.length).toBeGreaterThanOrEqual(5)
      browser.complaints.length = 0
      expect(await page.evaluate('window.hacked')).toBeUndefined()
    })
  })

  describe('a queue', () => {
    test('is sent a message with attributes; SQS says what is wrong with one', async () => {
      const queue = await create('send')
      const page = await goTo('/queues/send/send')
      await page.getByLabel('Body').fill('two\nmillstones')
      await page.getByRole('button', { name: 'Add an attribute' }).click()
      await page.getByRole('button', { name: 'Add an attribute' }).click()
      await page.getByLabel('Name').first().fill('removed')
      await page.getByLabel('Name').nth(1).fill('weight')
      await page.getByLabel('Type').nth(1).fill('Number')
      await page.getByLabel('Value').nth(1).fill('heavy')
      await page.getByRole('button', { name: 'Remove the attribute removed' }).click()
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await expectText(page.getByRole('alert'), /^InvalidParameterValueException .*'weight' to a number/)
      expect(await page.getByLabel('Name').inputValue()).toBe('weight')
      await page.getByLabel('Value').fill('12.50')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await expectText(page.getByRole('status'), /Sent as [0-9a-f-]{36}/)
      await expectText(count(page, 'Waiting'), /^1$/)
      expect(await receive(queue, { MessageAttributeNames: ['All'] })).toMatchObject([
        {
          Body: 'two\nmillstones',
          MessageAttributes: { weight: { DataType: 'Number', StringValue: '12.50' } },
        },
      ])
    })

    test('that is FIFO is sent messages with group and deduplication id', async () => {
      const queue = await create('send.fifo', { FifoQueue: 'true' })
      const page = await goTo('/queues/send.fifo/send')
      await page.getByLabel('Body').fill('payment')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await expectText(page.getByRole('alert'), /^MissingRequiredParameterException The request must contain/)
      await page.getByLabel('Message group id').fill('account-1')
      await page.getByLabel('Message deduplication id').fill('once')
      for (let i = 0; i < 2; i++) {
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        await expect.poll(() => page.locator('.notice.done').count()).toBe(i + 1)
      }
      expect(await receive(queue, { MaxNumberOfMessages: 10 })).toMatchObject([
        {
          ...{ Body: 'payment' },
          Attributes: { MessageGroupId: 'account-1', MessageDeduplicationId: 'once' },
        },
      ])
    })

    test('has attributes that are edited, several at once, or refused in SQS’s words', async () => {
      const queue = await create('edit', { VisibilityTimeout: '45' })
      const page = await goTo('/queues/edit/attributes')
      const timeout = page.getByLabel('Visibility timeout')
      await expect.poll(() => timeout.inputValue()).toBe('45')
      expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
      await timeout.fill('99999999')
      await page.getByRole('button', { name: 'Save' }).click()
      await expectText(page.getByRole('alert'), /^InvalidAttributeValue Invalid value for the parameter/)
      expect(await timeout.inputValue()).toBe('99999999')
      await timeout.fill('60')
      await page.getByLabel('Retention').fill('86400')
      await page.getByRole('button', { name: 'Save' }).click()
      await expectText(page.getByRole('status'), /Set VisibilityTimeout, MessageRetentionPeriod/)
      await expectText(page.getByRole('main'), /1 day/)
      expect(await attributesOf(queue)).toMatchObject({
        VisibilityTimeout: '60',
        MessageRetentionPeriod: '86400',
      })
      await expect.poll(() => page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
      await timeout.fill('61')
      await page.getByRole('button', { name: 'Discard' }).click()
      await expect.poll(() => timeout.inputValue()).toBe('60')
    })

    test('has tags that are set and removed', async () => {
      const queue = await create('tags')
      const page = await goTo('/queues/tags/tags')
      for (const [key, value] of [
        ['team', 'mill'],
        ['__proto__', 'x'],
      ] as const) {
        await page.getByLabel('Key').fill(key)
        await page.getByLabel('Value').fill(value)
        await page.getByRole('button', { name: 'Set the tag' }).click()
        await page.locator('tbody tr', { hasText: key }).waitFor()
      }
      await page.getByRole('button', { name: 'Remove the tag __proto__' }).click()
      await expect.poll(() => page.locator('tbody tr').count()).toBe(1)
      const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl: queue }))
      expect(Tags).toEqual({ team: 'mill' })
    })

    test('is purged after a question, and deleted after its name was typed', async () => {
      const queue = await create('gone')
      for (const body of ['a', 'b']) await send(queue, body)
      const page = await goTo('/queues/gone')
      await expectText(count(page, 'Waiting'), /^2$/)
      await page.getByRole('button', { name: 'Purge' }).click()
      await page.keyboard.press('Escape')
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
      expect(await attributesOf(queue)).toMatchObject({ ApproximateNumberOfMessages: '2' })
      await page.getByRole('button', { name: 'Purge' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Purge' }).click()
      await expectText(count(page, 'Waiting'), /^0$/)
      await page.getByRole('button', { name: 'Delete queue' }).click()
      const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete' })
      expect(await confirm.isDisabled()).toBe(true)
      await page.getByLabel('To confirm').fill('gon')
      expect(await confirm.isDisabled()).toBe(true)
      await page.getByLabel('To confirm').fill('gone')
      await confirm.click()
      await page.waitForURL(/#\/queues$/)
      await expectText(page.getByRole('status'), /gone was deleted/)
      const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'gone' }))
      expect(QueueUrls).toEqual([])
    })

    test('of dead letters shows where they come from, moves them back, and can be stopped', async () => {
      const dead = await create('redrive-dead')
      const queue = await create('redrive-orders', { VisibilityTimeout: '0', ...redriveTo('redrive-dead') })
      for (let i = 0; i < 20; i++) await send(queue, `letter ${i}`)
      while ((await receive(queue, { MaxNumberOfMessages: 10 })).length > 0);
      expect(await attributesOf(dead)).toMatchObject({ ApproximateNumberOfMessages: '20' })
      const page = await goTo('/queues/redrive-orders/dead-letters')
      await expectText(page.getByRole('main'), /No queue names this one/)
      await page.locator('.counts').getByRole('link', { name: 'redrive-dead' }).click()
      await page.getByRole('link', { name: 'Dead letters' }).click()
      await page.locator('.names').getByRole('link', { name: 'redrive-orders' }).waitFor()
      await page.getByLabel('Messages a second').fill('2')
      await page.getByRole('button', { name: 'Start moving' }).click()
      await expectText(page.locator('.moves li'), /running\s+[1-9]\d? of 20 moved back, at most 2 a second/)
      expect(await page.getByRole('progressbar').getAttribute('max')).toBe('20')
      expect(await page.getByRole('button', { name: 'Start moving' }).isDisabled()).toBe(true)
      await page.getByRole('button', { name: 'Cancel' }).click()
      await expectText(page.locator('.moves li'), /cancelled/)
      expect(Number((await attributesOf(dead)).ApproximateNumberOfMessages)).toBeGreaterThan(0)
      await page.getByLabel('Messages a second').fill('')
      await page.getByLabel('all to one queue').check()
      await page.getByLabel('Its name or ARN').fill('redrive-nowhere')
      await page.getByRole('button', { name: 'Start moving' }).click()
      await expectText(page.getByRole('alert'), /^QueueDoesNotExist/)
      await page.getByLabel('each back').check()
      await page.getByRole('button', { name: 'Start moving' }).click()
      await expectText(page.locator('.moves li').first(), /completed/)
      await expectText(count(page, 'Waiting'), /^0$/)
    })
  })

  describe('for everybody', () => {
    test('all of it can be reached with the keyboard', async () => {
      const queue = await create('keys')
      await send(queue, 'by keyboard')
      const page = await goTo('', closed.url)
      await page.locator('[name=accessKeyId]:focus').waitFor()
      await page.keyboard.type(TEST_KEY.accessKeyId)
      await page.keyboard.press('Tab')
      await page.keyboard.type(TEST_KEY.secretAccessKey)
      await page.keyboard.press('Enter')
      await expectText(page.getByRole('main'), /There are no queues/)

      const other = await goTo()
      await other.getByRole('heading', { name: 'Queues' }).waitFor()
      await tabTo(other, 'Names that begin with')
      await other.keyboard.type('keys')
      await row(other, 'keys').waitFor()
      await expect.poll(() => other.locator('tbody tr').count()).toBe(1)
      await tabTo(other, 'keys')
      await other.keyboard.press('Enter')
      await row(other, 'by keyboard').waitFor()
      await tabTo(other, 'Message ')
      await other.keyboard.press('Enter')
      await expectText(other.locator('tr.details:not([hidden])'), /MessageId/)
      await tabTo(other, 'Purge', 'Shift+Tab')
      await other.keyboard.press('Enter')
      await tabTo(other, 'Purge')
      await other.keyboard.press('Enter')
      await expectText(count(other, 'Waiting'), /^0$/)
    })

    test('every field has a name, and every button a word', async () => {
      await create('names')
      const page = await goTo('/queues')
      const nameless = () => page.evaluate(NAMELESS)
      await row(page, 'names').waitFor()
      expect(await nameless()).toEqual([])
      await page.getByRole('button', { name: 'Create queue' }).click()
      expect(await nameless()).toEqual([])
      await page.keyboard.press('Escape')
      for (const tab of ['', '/send', '/attributes', '/tags', '/dead-letters']) {
        await page.goto(`${open.url}${CONSOLE}#/queues/names${tab}`)
        await page.locator('.tabs [aria-current=page]').waitFor()
        expect(await nameless()).toEqual([])
      }
    })

    test('colours follow the system until one chooses, and the choice stays', async () => {
      const page = await goTo()
      const background = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
      await page.getByRole('heading', { name: 'Queues' }).waitFor()
      const light = await background()
      await page.emulateMedia({ colorScheme: 'dark' })
      const dark = await background()
      expect(dark).not.toBe(light)
      await page.getByRole('button', { name: 'Colours: system' }).click()
      expect(await background()).toBe(light)
      await page.reload()
      await page.getByRole('button', { name: 'Colours: light' }).click()
      expect(await background()).toBe(dark)
      await page.getByRole('button', { name: 'Colours: dark' }).click()
      expect(await background()).toBe(dark)
    })

    test('nothing is asked of anybody but the server', () => {
      const servers = [open, closed, crowded].map(({ url }) => new URL(url).port)
      const others = browser.requests.filter(
        (url) => /^(https?|wss?):/.test(url) && !servers.includes(new URL(url).port),
      )
      expect(others).toEqual([])
    })
  })
})

test('with --console off there is none, and the bare address is left to AWS clients', async () => {
  const server = await ServerProcess.create('--auth', 'off', '--console', 'off', '--durability', 'memory')
  try {
    await server.start()
    const get = (path: string) =>
      fetch(server.url + path, { headers: { accept: 'text/html' }, redirect: 'manual' }).then(
        ({ status }) => status,
      )
    expect(await Promise.all([CONSOLE, '/_millrace/console', '/'].map(get))).toEqual([404, 404, 404])
  } finally {
    await server.destroy()
  }
})

type Located = ReturnType<Page['locator']>

async function expectText(element: Located, text: RegExp): Promise<void> {
  await expect.poll(async () => (await element.innerText()).trim(), { timeout: 15_000 }).toMatch(text)
}

async function expectCells(line: Located, cells: readonly (string | RegExp)[]): Promise<void> {
  const expected = cells.map((cell) => (typeof cell === 'string' ? cell : expect.stringMatching(cell)))
  const read = async () => (await line.locator('td').allInnerTexts()).map((text) => text.trim())
  await expect.poll(read, { timeout: 15_000 }).toEqual(expected)
}

/** Presses Tab until what has the focus is called that, as a person who sees no mouse. */
async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  const focused = `(() => {
    const { activeElement: e } = document
    return e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent.trim() ?? e.textContent.trim()
  })()`
  for (let i = 0; i < 60; i++) {
    if (String(await page.evaluate(focused)).startsWith(name)) return
    await page.keyboard.press(key)
  }
  throw new Error(`no way by keyboard to ${name}`)
}

/** Fields without a label, and buttons and links without a text. */
const NAMELESS = `[...document.querySelectorAll('input, select, textarea, button, a')]
  .filter((e) => !e.closest('[hidden]'))
  .filter((e) => !e.getAttribute('aria-label') && !e.textContent.trim() &&
    ![...(e.labels ?? [])].some((label) => label.textContent.trim()))
  .map((e) => e.outerHTML)`

/** The names of what the tab keeps. */
function stored(page: Page): Promise<unknown> {
  return page.evaluate('Object.keys(sessionStorage)')
}

function end(each: TestBrowser | ServerProcess): Promise<void> {
  return each instanceof TestBrowser ? each.close() : each.destroy()
}
