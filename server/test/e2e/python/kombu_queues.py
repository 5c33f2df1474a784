"""Sends and receives through kombu's SQS transport. Arguments: port, access key, secret key."""

import socket
import sys
import time

import boto3
from kombu import Connection, Exchange, Queue

port, access_key, secret_key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
endpoint = f'http://127.0.0.1:{port}'
sqs = boto3.client('sqs', endpoint_url=endpoint, region_name='us-east-1',
                   aws_access_key_id=access_key, aws_secret_access_key=secret_key)


def connection(**options):
    common = {'region': 'us-east-1', 'is_secure': False, 'wait_time_seconds': 1}
    return Connection(transport='sqs', hostname='127.0.0.1', port=port, userid=access_key, password=secret_key,
                      transport_options={**common, **options})


def counts(url):
    names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)['Attributes']
    return tuple(int(attributes[name]) for name in names)


def expect(what, actual, wanted):
    assert actual == wanted, f'{what}: {actual!r}, not {wanted!r}'


def drain(conn, queue, handle, count, within=20):
    """Has `handle` called for `count` messages."""
    seen = []

    def on_message(body, message):
        seen.append(body)
        handle(body, message)

    give_up_at = time.monotonic() + within
    with conn.Consumer(queue, callbacks=[on_message]):
        while len(seen) < count:
            assert time.monotonic() < give_up_at, f'only {seen} came from {queue.name}'
            try:
                conn.drain_events(timeout=2)
            except socket.timeout:
                pass
    return seen


def exercise(conn, name, url):
    """`url` is None where the queue is for kombu to create."""
    queue = Queue(name, Exchange('tasks', type='direct'), routing_key=name)
    with conn.Producer() as producer:
        for i in range(5):
            producer.publish({'n': i}, exchange=queue.exchange, routing_key=name, declare=[queue])
    url = url or sqs.get_queue_url(QueueName=conn.default_channel.canonical_queue_name(name))['QueueUrl']
    expect('sent', counts(url), (5, 0))

    acked = drain(conn, queue, lambda _, message: message.ack(), 5)
    if name.endswith('.fifo'):
        expect('in order', acked, [{'n': i} for i in range(5)])
    else:
        expect('all of them', sorted(each['n'] for each in acked), list(range(5)))
    expect('acknowledged', counts(url), (0, 0))

    with conn.Producer() as producer:
        producer.publish({'n': 'again'}, exchange=queue.exchange, routing_key=name)
    # What is requeued becomes visible at once and comes again; what is rejected stays hidden until its timeout.
    rounds = []

    def requeue_once(body, message):
        rounds.append(body)
        if len(rounds) == 1:
            message.requeue()
        else:
            message.reject()

    drain(conn, queue, requeue_once, 2)
    expect('the same twice', rounds, [{'n': 'again'}] * 2)
    expect('rejected', counts(url), (0, 1))
    return url


with connection(visibility_timeout=3, queue_name_prefix='made-') as conn:
    for name in ('plain', 'ordered.fifo'):
        url = exercise(conn, name, None)
        timeout = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['VisibilityTimeout'])['Attributes']
        expect('what the queue was made with', timeout, {'VisibilityTimeout': '3'})
        # Nobody acknowledged it: after the visibility timeout it comes again.
        time.sleep(3.2)
        expect('visible again', counts(url), (1, 0))
        queue = Queue(name, Exchange('tasks', type='direct'), routing_key=name)
        expect('redelivered', drain(conn, queue, lambda _, message: message.ack(), 1), [{'n': 'again'}])
        expect('gone', counts(url), (0, 0))

    # A long poll is answered as soon as there is something, not when its time is over.
    simple = conn.SimpleQueue('polled')
    began = time.monotonic()
    try:
        simple.get(timeout=1)
        raise AssertionError('an empty queue gave a message')
    except simple.Empty:
        pass
    expect('waited', time.monotonic() - began > 0.9, True)
    simple.put('first')
    expect('size', simple.qsize(), 1)
    message = simple.get(timeout=5)
    expect('simple', message.payload, 'first')
    message.ack()
    simple.put('second')
    simple.clear()
    expect('cleared', simple.qsize(), 0)
    simple.close()

predefined = {}
for name, attributes in (('known', {}), ('known.fifo', {'FifoQueue': 'true'})):
    url = sqs.create_queue(QueueName=f'predefined-{name}', Attributes=attributes)['QueueUrl']
    predefined[name] = {'url': url, 'access_key_id': access_key, 'secret_access_key': secret_key}
with connection(predefined_queues=predefined) as conn:
    for name in predefined:
        exercise(conn, name, predefined[name]['url'])
print('ok')
