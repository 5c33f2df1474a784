"""Users, roles and sessions through boto3: keys that come and go, roles that are assumed, pages. Takes its endpoint and credentials from the
environment, and the beginning of its users' names as an argument."""

import json
import os
import sys

import boto3
from botocore.exceptions import ClientError

endpoint = os.environ['AWS_ENDPOINT_URL']
prefix = sys.argv[1]


def client(service, credentials=None):
    keys = {} if credentials is None else {
        'aws_access_key_id': credentials['AccessKeyId'],
        'aws_secret_access_key': credentials['SecretAccessKey'],
        'aws_session_token': credentials.get('SessionToken'),
    }
    return boto3.client(service, endpoint_url=endpoint, **keys)


def expect(what, actual, wanted):
    assert actual == wanted, f'{what}: {actual!r}, not {wanted!r}'


def code_of(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return error.response['Error']['Code']
    return 'none'


iam = client('iam')
account = client('sts').get_caller_identity()['Account']
user = f'{prefix}-user'
arn = iam.create_user(UserName=user, Path='/team/', Tags=[{'Key': 'team', 'Value': 'mill'}])['User']['Arn']
expect('arn', arn, f'arn:aws:iam::{account}:user/team/{user}')
expect('tags', iam.get_user(UserName=user)['User']['Tags'], [{'Key': 'team', 'Value': 'mill'}])
key = iam.create_access_key(UserName=user)['AccessKey']
expect('caller', client('sts', key).get_caller_identity()['Arn'], arn)

document = {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': 'sqs:*', 'Resource': '*'}]}
policy = iam.create_policy(PolicyName=f'{prefix}-policy', PolicyDocument=json.dumps(document))['Policy']
iam.attach_user_policy(UserName=user, PolicyArn=policy['Arn'])
version = iam.get_policy_version(PolicyArn=policy['Arn'], VersionId='v1')['PolicyVersion']
expect('document', version['Document'], document)
expect('count', iam.get_policy(PolicyArn=policy['Arn'])['Policy']['AttachmentCount'], 1)
expect('delete', code_of(iam.delete_policy, PolicyArn=policy['Arn']), 'DeleteConflict')

trust = {'Version': '2012-10-17', 'Statement': [
    {'Effect': 'Allow', 'Principal': {'AWS': arn}, 'Action': 'sts:AssumeRole'}]}
role = iam.create_role(RoleName=f'{prefix}-role', AssumeRolePolicyDocument=json.dumps(trust))['Role']
expect('trust', role['AssumeRolePolicyDocument'], trust)
assumed = client('sts', key).assume_role(RoleArn=role['Arn'], RoleSessionName='job')
session = assumed['Credentials']
expect('session', client('sts', session).get_caller_identity()['UserId'], f"{role['RoleId']}:job")
expect('nothing allowed', code_of(client('sqs', session).create_queue, QueueName=f'{prefix}-queue'), 'AccessDenied')
iam.put_role_policy(RoleName=f'{prefix}-role', PolicyName='queues', PolicyDocument=json.dumps(document))
queue = client('sqs', session).create_queue(QueueName=f'{prefix}-queue')['QueueUrl']
client('sqs', session).send_message(QueueUrl=queue, MessageBody='m')

for i in range(5):
    iam.create_user(UserName=f'{prefix}-{i}', Path='/many/')
pages = iam.get_paginator('list_users').paginate(PathPrefix='/many/', PaginationConfig={'PageSize': 2})
expect('pages', [len(page['Users']) for page in pages], [2, 2, 1])

iam.update_access_key(UserName=user, AccessKeyId=key['AccessKeyId'], Status='Inactive')
expect('inactive', code_of(client('sts', key).get_caller_identity), 'InvalidClientTokenId')
try:
    iam.get_user(UserName='nobody')
    raise AssertionError('no error')
except iam.exceptions.NoSuchEntityException as error:
    expect('text', error.response['Error']['Message'], 'The user with name nobody cannot be found.')
iam.delete_role_policy(RoleName=f'{prefix}-role', PolicyName='queues')
iam.delete_role(RoleName=f'{prefix}-role')
expect('ended', code_of(client('sts', session).get_caller_identity), 'InvalidClientTokenId')
print('ok')
