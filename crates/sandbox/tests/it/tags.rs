//! Tags of every kind.

use gcnet_sandbox::Options;

use crate::client::{ACCOUNT, Aws};

#[tokio::test]
async fn tags_are_added_overwritten_and_removed() {
    let aws = Aws::start(Options::default()).await;
    let made = aws
        .ok(
            "CreateVpc",
            &[
                ("CidrBlock", "10.0.0.0/16"),
                ("TagSpecification.1.ResourceType", "vpc"),
                ("TagSpecification.1.Tag.1.Key", "Name"),
                ("TagSpecification.1.Tag.1.Value", "鳴門 & <co> \"1\""),
                ("TagSpecification.1.Tag.2.Key", "gcnet:address"),
                ("TagSpecification.1.Tag.2.Value", "vpc/shared"),
            ],
        )
        .await;
    let vpc = made.one("vpc.vpcId");
    assert_eq!(made.all("tagSet.item.value"), ["鳴門 & <co> \"1\"", "vpc/shared"]);

    aws.call("CreateTags", format!("ResourceId.1={vpc} Tag.1.Key=Name Tag.1.Value=new Tag.2.Key=empty")).await;
    aws.call("DeleteTags", format!("ResourceId.1={vpc} Tag.1.Key=gcnet:address Tag.1.Value=other")).await;
    let tags = aws.sandbox.everything(ACCOUNT).into_iter().find(|r| r.id == vpc).unwrap().tags;
    let expected = [("Name", "new"), ("empty", ""), ("gcnet:address", "vpc/shared")];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(tags.into_iter().collect::<Vec<_>>(), expected);

    aws.call("DeleteTags", format!("ResourceId.1={vpc} Tag.1.Key=gcnet:address")).await;
    assert_eq!(aws.call("DescribeTags", "").await.all("tagSet.item.key"), ["Name", "empty"]);
    aws.call("DeleteTags", format!("ResourceId.1={vpc}")).await;
    assert!(aws.call("DescribeTags", "").await.all("tagSet.item.key").is_empty());
}

#[tokio::test]
async fn tags_are_refused_as_aws_refuses_them() {
    let aws = Aws::start(Options::default()).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let spec = "CidrBlock=10.1.0.0/16 TagSpecification.1.ResourceType";
    let long = "x".repeat(257);
    let many: String = (1..=51).map(|n| format!(" Tag.{n}.Key=k{n} Tag.{n}.Value=v")).collect();
    aws.refuses(&[
        ("CreateVpc", format!("{spec}=subnet"), "InvalidParameterValue"),
        ("CreateVpc", format!("{spec}=vpc TagSpecification.1.Tag.1.Key=aws:x"), "InvalidParameterValue"),
        (
            "CreateVpc",
            format!("{spec}=vpc TagSpecification.1.Tag.1.Key=a TagSpecification.1.Tag.2.Key=a"),
            "InvalidParameterValue",
        ),
        ("CreateTags", format!("ResourceId.1={vpc} Tag.1.Key={}", &long[..128]), "InvalidParameterValue"),
        ("CreateTags", format!("ResourceId.1={vpc} Tag.1.Key=k Tag.1.Value={long}"), "InvalidParameterValue"),
        ("CreateTags", format!("ResourceId.1={vpc}{many}"), "TagLimitExceeded"),
        ("CreateTags", format!("ResourceId.1={vpc}"), "MissingParameter"),
        ("CreateTags", "Tag.1.Key=k".into(), "MissingParameter"),
        ("CreateTags", "ResourceId.1=igw-0 Tag.1.Key=k".into(), "InvalidID"),
        ("CreateTags", format!("ResourceId.1={vpc} ResourceId.2=subnet-0 Tag.1.Key=k"), "InvalidSubnetID.NotFound"),
    ])
    .await;
    // One id that is missing, and none is tagged.
    assert!(aws.call("DescribeTags", "").await.all("item.key").is_empty());
}

#[tokio::test]
async fn filters_find_by_tag() {
    let aws = Aws::start(Options::default()).await;
    let mut ids = Vec::new();
    for (cidr, name) in [("10.0.0.0/16", "naruto-a"), ("10.1.0.0/16", "naruto-b"), ("10.2.0.0/16", "naruto*")] {
        let vpc = aws.vpc(cidr).await;
        aws.call("CreateTags", format!("ResourceId.1={vpc} Tag.1.Key=Name Tag.1.Value={name}")).await;
        ids.push(vpc);
    }
    for (filters, expected) in [
        ("Filter.1.Name=tag:Name Filter.1.Value.1=naruto-a", vec![0]),
        ("Filter.1.Name=tag:Name Filter.1.Value.1=naruto-?", vec![0, 1]),
        ("Filter.1.Name=tag:Name Filter.1.Value.1=naruto*", vec![0, 1, 2]),
        (r"Filter.1.Name=tag:Name Filter.1.Value.1=naruto\*", vec![2]),
        ("Filter.1.Name=tag:Name Filter.1.Value.1=naruto-a Filter.1.Value.2=naruto-b", vec![0, 1]),
        ("Filter.1.Name=tag:name Filter.1.Value.1=*", vec![]),
        ("Filter.1.Name=tag-key Filter.1.Value.1=Name", vec![0, 1, 2]),
        ("Filter.1.Name=tag:Name Filter.1.Value.1=naruto-* Filter.2.Name=cidr Filter.2.Value.1=10.1.0.0/16", vec![1]),
    ] {
        let mut found = aws.call("DescribeVpcs", filters).await.all("vpcSet.item.vpcId");
        let mut expected: Vec<String> = expected.into_iter().map(|n: usize| ids[n].clone()).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{filters}");
    }
    let rows = aws.call("DescribeTags", "Filter.1.Name=value Filter.1.Value.1=naruto-b").await;
    assert_eq!(rows.all("item.resourceId"), [ids[1].clone()]);
    assert_eq!(rows.all("item.resourceType"), ["vpc"]);

    let many: String = (1..=201).map(|n| format!(" Filter.1.Value.{n}=v{n}")).collect();
    aws.refuses(&[
        ("DescribeVpcs", "Filter.1.Name=tag:Name".into(), "InvalidParameterValue"),
        ("DescribeVpcs", "Filter.1.Value.1=x".into(), "MissingParameter"),
        ("DescribeVpcs", format!("Filter.1.Name=cidr{many}"), "FilterLimitExceeded"),
    ])
    .await;
}
