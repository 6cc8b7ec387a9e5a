"""Calls every service of a world by boto3, to write and to read; says what it has seen, a line of JSON for each service."""

import base64
import hashlib
import io
import json
import zipfile

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

MEGABYTE = 1024 * 1024
TEMPLATE = {
    "Resources": {
        "Rest": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "rest-by-boto3"}},
        "Http": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "http-by-boto3", "ProtocolType": "HTTP"}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"RoleName": "role-of-boto3", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
        },
    },
}


def tell(service, **seen):
    print(json.dumps({"service": service, **seen}), flush=True)


def code_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "no error"


def cloudformation():
    client = boto3.client("cloudformation")
    client.create_stack(StackName="by-boto3", TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_NAMED_IAM"])
    client.get_waiter("stack_create_complete").wait(StackName="by-boto3", WaiterConfig={"Delay": 1})
    stack = client.describe_stacks(StackName="by-boto3")["Stacks"][0]
    resources = client.list_stack_resources(StackName="by-boto3")["StackResourceSummaries"]
    ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
    tell("cloudformation", status=stack["StackStatus"], resources=sorted(ids))
    return ids


def s3():
    client = boto3.client("s3")
    bucket = "bucket-of-boto3"
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    body = b"0123456789abcdef" * (6 * MEGABYTE // 16)
    config = TransferConfig(multipart_threshold=5 * MEGABYTE, multipart_chunksize=5 * MEGABYTE)
    client.upload_fileobj(io.BytesIO(body), bucket, "large", Config=config, ExtraArgs={"ChecksumAlgorithm": "SHA256"})
    large = client.get_object(Bucket=bucket, Key="large", ChecksumMode="ENABLED")
    whole = large["Body"].read() == body
    digest = base64.b64encode(hashlib.sha256(b"small").digest()).decode()
    client.put_object(Bucket=bucket, Key="small", Body=b"small", ChecksumSHA256=digest)
    small = client.head_object(Bucket=bucket, Key="small", ChecksumMode="ENABLED")
    wrong = base64.b64encode(b"x" * 16).decode()
    tell(
        "s3",
        versioning=client.get_bucket_versioning(Bucket=bucket)["Status"],
        whole=whole,
        parts=large["ETag"].strip('"').split("-")[1],
        sameChecksum=small["ChecksumSHA256"] == digest,
        refused=code_of(client.put_object, Bucket=bucket, Key="bad", Body=b"bad", ContentMD5=wrong),
        keys=[each["Key"] for each in client.list_objects_v2(Bucket=bucket)["Contents"]],
    )


def route53():
    client = boto3.client("route53")
    zone = client.create_hosted_zone(Name="boto3.example.net", CallerReference="boto3")["HostedZone"]["Id"]
    record = {"Name": "www.boto3.example.net", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    change = client.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    )["ChangeInfo"]
    client.get_waiter("resource_record_sets_changed").wait(Id=change["Id"], WaiterConfig={"Delay": 1})
    records = client.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    tell("route53", records=[f"{each['Type']} {each['Name']}" for each in records])


def cloudfront():
    client = boto3.client("cloudfront")
    origin = {"Id": "o", "DomainName": "orders.example.com", "CustomOriginConfig": {
        "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}
    config = {
        "CallerReference": "boto3", "Comment": "by boto3", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all",
            "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        },
    }
    made = client.create_distribution(DistributionConfig=config)
    read = client.get_distribution(Id=made["Distribution"]["Id"])["Distribution"]
    tell("cloudfront", comment=read["DistributionConfig"]["Comment"])


def cloudwatch():
    client = boto3.client("cloudwatch")
    sent = []
    client.meta.events.register("before-send.cloudwatch.*", lambda request, **_: sent.append(request.headers["Content-Type"]))
    client.put_metric_alarm(
        AlarmName="by-boto3", Namespace="Boto3", MetricName="Down", Statistic="Maximum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold")
    client.put_metric_data(Namespace="Boto3", MetricData=[{"MetricName": "Down", "Value": 0}])
    alarms = client.describe_alarms(AlarmNames=["by-boto3"])["MetricAlarms"]
    content = sent[0].decode() if isinstance(sent[0], bytes) else sent[0]
    tell("cloudwatch", alarms=[each["MetricName"] for each in alarms], contentType=content.split(";")[0])


def functions(role):
    client = boto3.client("lambda")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("index.py", "def handler(event, context):\n    return {'twice': event['n'] * 2}\n")
    arn = client.create_function(
        FunctionName="by-boto3", Runtime="python3.12", Handler="index.handler",
        Role=f"arn:aws:iam::123456789012:role/{role}", Code={"ZipFile": archive.getvalue()}, Tags={"by": "boto3"},
    )["FunctionArn"]
    client.get_waiter("function_active_v2").wait(FunctionName="by-boto3", WaiterConfig={"Delay": 1})
    payload = client.invoke(FunctionName="by-boto3", Payload=json.dumps({"n": 21}))["Payload"].read()
    tell("lambda", answer=json.loads(payload), handler=client.get_function(FunctionName="by-boto3")["Configuration"]["Handler"])
    return arn


def gateways(ids):
    rest = boto3.client("apigateway")
    operation = {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"}
    rest.update_rest_api(restApiId=ids["Rest"], patchOperations=[operation])
    read = rest.get_rest_api(restApiId=ids["Rest"])
    tell("apigateway", name=read["name"], disabled=read["disableExecuteApiEndpoint"])
    http = boto3.client("apigatewayv2")
    http.update_api(ApiId=ids["Http"], DisableExecuteApiEndpoint=True)
    read = http.get_api(ApiId=ids["Http"])
    tell("apigatewayv2", name=read["Name"], disabled=read["DisableExecuteApiEndpoint"])


def acm():
    client = boto3.client("acm")
    arn = client.request_certificate(DomainName="boto3.example.com", ValidationMethod="DNS")["CertificateArn"]
    tell("acm", name=client.describe_certificate(CertificateArn=arn)["Certificate"]["DomainName"])


def dynamodb():
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="by-boto3", BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    client.get_waiter("table_exists").wait(TableName="by-boto3", WaiterConfig={"Delay": 1})
    table = boto3.resource("dynamodb").Table("by-boto3")
    table.put_item(Item={"id": "a", "n": 1})
    taken = code_of(table.put_item, Item={"id": "a", "n": 2}, ConditionExpression="attribute_not_exists(id)")
    tell("dynamodb", n=int(table.get_item(Key={"id": "a"}, ConsistentRead=True)["Item"]["n"]), taken=taken)


def ssm():
    client = boto3.client("ssm")
    client.put_parameter(Name="/by/boto3", Value="yes", Type="String")
    tell("ssm", value=client.get_parameter(Name="/by/boto3")["Parameter"]["Value"])


def sts():
    client = boto3.client("sts")
    role = "arn:aws:iam::123456789012:role/role-of-boto3"
    user = client.assume_role(RoleArn=role, RoleSessionName="session")["AssumedRoleUser"]["Arn"]
    tell("sts", account=client.get_caller_identity()["Account"], user=user)


def iam():
    client = boto3.client("iam")
    client.create_role(RoleName="by-boto3", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}))
    tell("iam", name=client.get_role(RoleName="by-boto3")["Role"]["RoleName"])


def tagging(arn):
    boto3.client("lambda").tag_resource(Resource=arn, Tags={"team": "failover"})
    client = boto3.client("resourcegroupstaggingapi")
    found = client.get_resources(TagFilters=[{"Key": "team", "Values": ["failover"]}])["ResourceTagMappingList"]
    tell("tagging", found=[each["ResourceARN"].split(":")[-1] for each in found])


stack = cloudformation()
s3()
route53()
cloudfront()
cloudwatch()
function = functions("role-of-boto3")
gateways(stack)
acm()
dynamodb()
ssm()
sts()
iam()
tagging(function)
