"""A Celery application whose broker is the server at MILLRACE_TEST_URL; tasks leave their results in MILLRACE_TEST_RESULTS."""

import os
from pathlib import Path

from celery import Celery
from kombu import Queue

results = Path(os.environ['MILLRACE_TEST_RESULTS'])
app = Celery('tasks', broker=os.environ['MILLRACE_TEST_URL'])
app.conf.update(
    broker_transport_options={
        'region': 'us-east-1', 'is_secure': False, 'wait_time_seconds': 5, 'visibility_timeout': 60},
    task_queues=[Queue('celery'), Queue('ordered.fifo')],
    task_default_queue='celery',
    task_acks_late=True,
    worker_enable_remote_control=False,
    worker_prefetch_multiplier=1,
)


@app.task(name='add')
def add(name, a, b):
    (results / name).write_text(str(a + b))


@app.task(name='append')
def append(name, text):
    with (results / name).open('a') as file:
        file.write(text)


@app.task(name='fail_once', bind=True, max_retries=3)
def fail_once(self, name):
    if self.request.retries == 0:
        raise self.retry(countdown=1)
    (results / name).write_text(f'retried {self.request.retries}')
