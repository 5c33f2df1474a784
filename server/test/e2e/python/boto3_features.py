"""FIFO queues, dead letters and their way back, permissions, batches, through boto3 of either generation: before 1.28.82 it
speaks AWS Query, since then AWS JSON. Takes its endpoint and credentials from the environment."""

import json
import os
import sys
import time
import xml.etree.ElementTree as ElementTree
from urllib.request import Request, urlopen

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

endpoint = os.environ['AWS_ENDPOINT_URL']
sqs = boto3.client('sqs', endpoint_url=endpoint)
protocol = sqs.meta.service_model.metadata['protocol']
prefix = f'{protocol}-{sys.argv[1]}'


def expect(what, actual, wanted):
    assert actual == wanted, f'{what}: {actual!r}, not {wanted!r}'


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except sqs.exceptions.ClientError as error:
        # JSON clients show the older code where the service says it.
        expect('refused', error.response['Error']['Code'], code)
        return error.response['Error']['Message']
    raise AssertionError(f'nothing was refused with {code}')


def create(name, **attributes):
    given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in attributes.items()}
    return sqs.create_queue(QueueName=f'{prefix}-{name}', Attributes=given)['QueueUrl']


def attribute(url, name):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name]).get('Attributes', {}).get(name)


def receive(url, **options):
    return sqs.receive_message(QueueUrl=url, AttributeNames=['All'], **options).get('Messages', [])


def query(action, **parameters):
    """For operations that the old generation doesn't know: a form, signed by boto3, and what is in the answer."""
    request = AWSRequest('POST', endpoint + '/', data={'Action': action, 'Version': '2012-11-05', **parameters},
                         headers={'content-type': 'application/x-www-form-urlencoded'})
    credentials = boto3.Session().get_credentials()
    SigV4Auth(credentials, 'sqs', os.environ['AWS_DEFAULT_REGION']).add_auth(request)
    prepared = request.prepare()
    with urlopen(Request(prepared.url, prepared.body.encode(), dict(prepared.headers))) as response:
        root = ElementTree.fromstring(response.read())
    return {element.tag.split('}')[1]: element.text for element in root.iter()}


def start_moving(source):
    if hasattr(sqs, 'start_message_move_task'):
        return sqs.start_message_move_task(SourceArn=source)['TaskHandle']
    return query('StartMessageMoveTask', SourceArn=source)['TaskHandle']


def newest_task(source):
    if not hasattr(sqs, 'list_message_move_tasks'):
        return query('ListMessageMoveTasks', SourceArn=source)
    return sqs.list_message_move_tasks(SourceArn=source)['Results'][0]


def move_all(source):
    assert len(start_moving(source)) > 20
    for _ in range(100):
        task = newest_task(source)
        if task['Status'] != 'RUNNING':
            return task
        time.sleep(0.05)
    raise AssertionError('the task does not end')


def test_fifo():
    url = create('fifo.fifo', FifoQueue='true', ContentBasedDeduplication='true')
    entries = [{'Id': str(i), 'MessageBody': f'm{i}', 'MessageGroupId': 'ab'[i % 2]} for i in range(6)]
    sent = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    expect('failed', 'Failed' in sent, False)
    sequence = [int(each['SequenceNumber']) for each in sent['Successful']]
    expect('ascending', sequence, sorted(set(sequence)))
    again = sqs.send_message(QueueUrl=url, MessageBody='m0', MessageGroupId='a')
    expect('duplicate', again['MessageId'], sent['Successful'][0]['MessageId'])
    first = receive(url, MaxNumberOfMessages=2, ReceiveRequestAttemptId='attempt')
    expect('one group', [each['Body'] for each in first], ['m0', 'm2'])
    repeated = receive(url, MaxNumberOfMessages=2, ReceiveRequestAttemptId='attempt')
    expect('the same attempt', [each['ReceiptHandle'] for each in repeated], [each['ReceiptHandle'] for each in first])
    expect('the other group', [each['Body'] for each in receive(url, MaxNumberOfMessages=10)], ['m1', 'm3', 'm5'])
    expect('both are locked', receive(url), [])
    expect('group', first[0]['Attributes']['MessageGroupId'], 'a')
    deleted = sqs.delete_message_batch(
        QueueUrl=url, Entries=[{'Id': str(i), 'ReceiptHandle': each['ReceiptHandle']} for i, each in enumerate(first)])
    expect('deleted', [each['Id'] for each in deleted['Successful']], ['0', '1'])
    expect('the rest of the group', [each['Body'] for each in receive(url, MaxNumberOfMessages=10)], ['m4'])
    refused('MissingParameter', sqs.send_message, QueueUrl=url, MessageBody='x')


def test_dead_letters(ending, **fifo):
    dead = create(f'dead{ending}', **fifo)
    source = attribute(dead, 'QueueArn')
    url = create(f'work{ending}', VisibilityTimeout='0', RedrivePolicy={'deadLetterTargetArn': source, 'maxReceiveCount': 1}, **fifo)
    group = {'MessageGroupId': 'g'} if fifo else {}
    for i in range(3):
        unique = {'MessageDeduplicationId': str(i)} if fifo else {}
        sqs.send_message(QueueUrl=url, MessageBody=f'm{i}', **group, **unique)
    expect('received once', len(receive(url, MaxNumberOfMessages=10)), 3)
    expect('too often', receive(url, MaxNumberOfMessages=10), [])
    letters = receive(dead, MaxNumberOfMessages=10, VisibilityTimeout=0)
    expect('dead letters', [each['Body'] for each in letters], ['m0', 'm1', 'm2'])
    expect('source', letters[0]['Attributes']['DeadLetterQueueSourceArn'], attribute(url, 'QueueArn'))
    expect('sources', sqs.list_dead_letter_source_queues(QueueUrl=dead)['queueUrls'], [url])
    task = move_all(source)
    expect('task', (task['Status'], int(task['ApproximateNumberOfMessagesMoved'])), ('COMPLETED', 3))
    back = receive(url, MaxNumberOfMessages=10, VisibilityTimeout=30)
    expect('moved back', [each['Body'] for each in back], ['m0', 'm1', 'm2'])
    expect('begun anew', back[0]['Attributes']['ApproximateReceiveCount'], '1')
    expect('nobody\'s dead letter', 'DeadLetterQueueSourceArn' in back[0]['Attributes'], False)


def test_permissions():
    url = create('shared')
    expect('no policy', attribute(url, 'Policy'), None)
    sqs.add_permission(QueueUrl=url, Label='readers', AWSAccountIds=['111111111111', '222222222222'],
                       Actions=['ReceiveMessage', 'DeleteMessage'])
    policy = json.loads(attribute(url, 'Policy'))
    expect('version', policy['Version'], '2008-10-17')
    statement = policy['Statement'][0]
    expect('label', statement['Sid'], 'readers')
    expect('accounts', statement['Principal']['AWS'],
           ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'])
    refused('InvalidParameterValue', sqs.add_permission, QueueUrl=url, Label='readers',
            AWSAccountIds=['111111111111'], Actions=['*'])
    sqs.remove_permission(QueueUrl=url, Label='readers')
    expect('no policy any more', attribute(url, 'Policy'), None)


def test_messages():
    url = create('messages')
    refused('AWS.SimpleQueueService.EmptyBatchRequest', sqs.send_message_batch, QueueUrl=url, Entries=[])
    entries = [{'Id': str(i), 'MessageBody': 'x'} for i in range(20)]
    message = refused('AWS.SimpleQueueService.TooManyEntriesInBatchRequest', sqs.send_message_batch, QueueUrl=url,
                      Entries=entries)
    expect('how many', message.endswith('You have sent 20.'), True)
    # boto3 checks the digests of bodies and attributes by itself.
    attributes = {'text': {'DataType': 'String.own', 'StringValue': 'ö & <x>'},
                  'bytes': {'DataType': 'Binary', 'BinaryValue': bytes(range(256))}}
    trace = {'AWSTraceHeader': {'DataType': 'String', 'StringValue': 'Root=1-5759e988-bd862e3fe1be46a994272793'}}
    body = 'tab\tnewline\r\nümlaut & <tag> 😀'
    sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes, MessageSystemAttributes=trace)
    received = receive(url, MessageAttributeNames=['t.*', 'bytes'])[0]
    expect('body', received['Body'], body)
    expect('binary', received['MessageAttributes']['bytes']['BinaryValue'], bytes(range(256)))
    expect('trace', received['Attributes']['AWSTraceHeader'], trace['AWSTraceHeader']['StringValue'])
    handle = received['ReceiptHandle']
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    expect('visible at once', receive(url)[0]['Attributes']['ApproximateReceiveCount'], '2')
    refused('ReceiptHandleIsInvalid', sqs.delete_message, QueueUrl=url, ReceiptHandle='garbage')
    sqs.tag_queue(QueueUrl=url, Tags={'team': 'mill', 'x': ''})
    sqs.untag_queue(QueueUrl=url, TagKeys=['x'])
    expect('tags', sqs.list_queue_tags(QueueUrl=url)['Tags'], {'team': 'mill'})
    sqs.purge_queue(QueueUrl=url)
    expect('purged', attribute(url, 'ApproximateNumberOfMessagesNotVisible'), '0')
    pages = sqs.get_paginator('list_queues').paginate(QueueNamePrefix=prefix, PaginationConfig={'PageSize': 2})
    listed = [each for page in pages for each in page.get('QueueUrls', [])]
    expect('listed', (url in listed, len(listed) == len(set(listed)), len(listed) > 2), (True, True, True))
    sqs.delete_queue(QueueUrl=url)
    refused('AWS.SimpleQueueService.NonExistentQueue', sqs.get_queue_url, QueueName=f'{prefix}-messages')


test_fifo()
test_dead_letters('')
test_dead_letters('.fifo', FifoQueue='true')
test_permissions()
test_messages()
print('ok', protocol)
