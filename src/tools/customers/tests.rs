use std::collections::HashSet;

use super::*;
use crate::config::DatabaseOptions;
use crate::database::Database;
use crate::tools::testing::{by_email, by_phone, context, memory};
use crate::types::memory::MemoryQuery;

fn database() -> Arc<Database> {
    let options: DatabaseOptions =
        serde_json::from_value(json!({ "connection": "sqlite::memory:" })).unwrap();
    Arc::new(Database::new(&options).unwrap())
}

struct Office {
    leads: Arc<Leads>,
    memory: Arc<MemoryManager>,
    save: SaveCustomerInfo,
    find: FindCustomer,
}

fn office(database: Option<Arc<Database>>) -> Office {
    let memory = memory();
    let leads = Arc::new(Leads::new(database, Arc::clone(&memory)));
    Office {
        save: SaveCustomerInfo::new(Arc::clone(&leads), Arc::clone(&memory), "US".into()),
        find: FindCustomer::new(Arc::clone(&leads), Arc::clone(&memory), "US".into(), CustomerLookup::Own),
        leads,
        memory,
    }
}

impl Office {
    async fn save(&self, context: &ToolContext, arguments: Value) -> Value {
        let result = self.save.call(arguments, context).await.unwrap();
        assert!(result.success, "{result:?}");
        result.data.unwrap()
    }

    async fn find(&self, context: &ToolContext, arguments: Value) -> Value {
        let result = self.find.call(arguments, context).await.unwrap();
        assert!(result.success, "{result:?}");
        result.data.unwrap()
    }

    /// Returns every record, newest first.
    async fn leads(&self) -> Vec<Lead> {
        let mut query = MemoryQuery::newest(100);
        query.keywords = vec!["Customer information: ".into()];
        let mut leads: Vec<Lead> = Vec::new();
        for row in self.memory.search(&query).await.unwrap() {
            let key = row.meta("leadId").and_then(Value::as_str).unwrap();
            if leads.iter().all(|known| known.external_id != key) {
                leads.extend(self.leads.get(key).await.unwrap());
            }
        }
        leads
    }
}

async fn completes_a_record_without_blanking_fields(office: Office) {
    let saved = office.save(&context("c1"), json!({ "name": "John", "email": "John@Example.com" })).await;
    assert_eq!(saved["savedFields"], json!(["name", "email"]));
    office
        .save(&context("c2"), json!({ "email": "john@example.COM", "phone": "(555) 123-4567", "name": "" }))
        .await;
    let leads = office.leads().await;
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0].external_id, "email:john@example.com");
    assert_eq!(leads[0].name.as_deref(), Some("John"));
    assert_eq!(leads[0].phone.as_deref(), Some("+15551234567"));
    assert_eq!(leads[0].source.as_deref(), Some("text"));
}

async fn corrects_a_record_within_the_conversation(office: Office) {
    let here = context("c");
    office.save(&here, json!({ "name": "Jon", "email": "j@x.y", "company": "A" })).await;
    office.save(&here, json!({ "name": "John" })).await;
    office.save(&here, json!({ "phone": "+15551234567", "company": "B" })).await;
    let leads = office.leads().await;
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0].name.as_deref(), Some("John"));
    assert_eq!(leads[0].metadata["company"], "B");
    // Another address means another person.
    office.save(&here, json!({ "name": "Mary", "email": "m@x.y" })).await;
    assert_eq!(office.leads().await.len(), 2);
}

async fn identifies_the_caller_by_channel_address(office: Office) {
    office.save(&by_phone("c1", "+15551234567"), json!({ "name": "Jon" })).await;
    office.save(&by_phone("c2", "+15551234567"), json!({ "name": "John", "email": "j@x.y" })).await;
    let leads = office.leads().await;
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0].external_id, "phone:+15551234567");
    assert_eq!((leads[0].name.as_deref(), leads[0].email.as_deref()), (Some("John"), Some("j@x.y")));
    // A corrected address is kept, even if the channel still shows the old one.
    office.save(&by_phone("c3", "+15551234567"), json!({ "phone": "+15559999999" })).await;
    office.save(&by_phone("c3", "+15551234567"), json!({ "notes": "n" })).await;
    let leads = office.leads().await;
    assert_eq!((leads.len(), leads[0].phone.as_deref()), (1, Some("+15559999999")));
    let found = office.find(&by_phone("c4", "+15551234567"), json!({ "phone": "555 123 4567" })).await;
    assert_eq!(found["customer"]["notes"], "n");
}

async fn gives_no_access_by_claiming_an_address(office: Office) {
    office
        .save(&by_email("a", "a@x.y"), json!({ "name": "Anna", "company": "Acme", "notes": "private" }))
        .await;
    for attacker in [context("b"), by_phone("b", "+15550000001"), by_email("b", "b@x.y")] {
        office.save(&attacker, json!({ "email": "A@x.y", "name": "Mallory", "company": "Evil" })).await;
        let found = office.find(&attacker, json!({ "email": "a@x.y" })).await;
        assert_eq!(
            found,
            json!({ "found": true, "restricted": true, "customer": { "name": "Anna", "email": "a@x.y" } })
        );
    }
    let own = office.find(&by_email("z", "a@x.y"), json!({ "email": "a@x.y" })).await;
    assert_eq!(own["customer"]["name"], "Anna");
    assert_eq!(own["customer"]["company"], "Acme");
    assert_eq!(own["customer"]["notes"], "private");
}

async fn gives_no_access_by_an_address_a_stranger_added(office: Office) {
    office.save(&by_email("a", "a@x.y"), json!({ "name": "Anna", "notes": "private" })).await;
    // The stranger's number fills a blank in Anna's record …
    let stranger = by_phone("b", "+15550000001");
    office.save(&stranger, json!({ "email": "a@x.y" })).await;
    assert_eq!(office.leads().await[0].phone.as_deref(), Some("+15550000001"));
    // … but calling from it neither reads nor changes her record.
    let again = by_phone("c", "+15550000001");
    let found = office.find(&again, json!({ "phone": "+1 555 000 0001" })).await;
    assert_eq!(
        found,
        json!({ "found": true, "restricted": true, "customer": { "name": "Anna", "phone": "+15550000001" } })
    );
    office.save(&again, json!({ "name": "Mallory" })).await;
    let leads = office.leads().await;
    let anna = leads.iter().find(|lead| lead.email.is_some()).unwrap();
    assert_eq!(anna.name.as_deref(), Some("Anna"));
    // Nor does a number that Anna only stated: it may be wrong, or belong to somebody else by now.
    office.save(&by_email("a", "a@x.y"), json!({ "phone": "+15550000002" })).await;
    let found = office.find(&by_phone("d", "+15550000002"), json!({ "phone": "+15550000002" })).await;
    assert_eq!(found["restricted"], true);
    // Two addresses of the same caller both belong to her.
    let mut both = by_email("a", "a@x.y");
    both.customer.phone = Some("+15550000002".into());
    office.save(&both, json!({ "company": "Acme" })).await;
    let found = office.find(&by_phone("e", "+15550000002"), json!({ "phone": "+15550000002" })).await;
    assert_eq!(found["customer"]["notes"], "private");
}

async fn gives_no_access_by_claiming_an_address_first(office: Office) {
    for (n, attacker) in [context("b"), by_phone("b", "+15550000001")].into_iter().enumerate() {
        let email = format!("victim{n}@x.y");
        office.save(&attacker, json!({ "email": email, "phone": "+15550000001", "notes": "bait" })).await;
        office.save(&by_email("v", &email), json!({ "name": "Vic", "notes": "private" })).await;
        for reader in [attacker, by_phone("c", "+15550000001"), context("d")] {
            for asked in [json!({ "email": email }), json!({ "phone": "+15550000001" })] {
                let found = office.find(&reader, asked).await.to_string();
                assert!(!found.contains("private"), "{n} {found}");
            }
        }
        let own = office.find(&by_email("w", &email), json!({ "email": email })).await;
        assert_eq!(own["customer"]["notes"], "private", "{n}");
    }
}

async fn reads_its_own_record_until_another_conversation_writes(office: Office) {
    let here = context("a");
    office.save(&here, json!({ "name": "Anna", "email": "a@x.y", "notes": "n" })).await;
    assert_eq!(office.find(&here, json!({ "email": "a@x.y" })).await["customer"]["notes"], "n");
    assert_eq!(office.find(&context("b"), json!({ "email": "a@x.y" })).await["restricted"], true);
    office.save(&context("b"), json!({ "email": "a@x.y", "company": "C" })).await;
    for id in ["a", "b"] {
        assert_eq!(office.find(&context(id), json!({ "email": "a@x.y" })).await["restricted"], true, "{id}");
    }
}

async fn never_takes_over_an_imported_record(office: Office) {
    let imported = Lead {
        external_id: "row".into(),
        name: Some("Ida".into()),
        email: Some("ida@x.y".into()),
        phone: None,
        source: None,
        metadata: json!({ "notes": "private" }).as_object().cloned().unwrap(),
        created_at: None,
    };
    office.leads.save(&imported, Precedence::NewerWins).await.unwrap();
    office.save(&context("b"), json!({ "email": "ida@x.y", "company": "C" })).await;
    assert_eq!(office.find(&context("b"), json!({ "email": "ida@x.y" })).await["restricted"], true);
}

async fn never_merges_two_records(office: Office) {
    office.save(&context("a"), json!({ "name": "Anna", "email": "a@x.y" })).await;
    office.save(&context("b"), json!({ "name": "Bob", "phone": "+15550000001" })).await;
    let saved =
        office.save(&context("c"), json!({ "email": "a@x.y", "phone": "+15550000001", "notes": "n" })).await;
    assert_eq!(saved["savedFields"], json!(["email", "notes"]));
    let bob = by_phone("d", "+15550000001");
    let saved = office.save(&bob, json!({ "email": "a@x.y", "company": "Bobs" })).await;
    assert_eq!(saved["savedFields"], json!(["company"]));
    let leads = office.leads().await;
    assert_eq!(leads.len(), 2);
    let anna = leads.iter().find(|lead| lead.name.as_deref() == Some("Anna")).unwrap();
    assert_eq!((anna.phone.as_deref(), &anna.metadata["notes"]), (None, &json!("n")));
    let bob = leads.iter().find(|lead| lead.name.as_deref() == Some("Bob")).unwrap();
    assert_eq!((bob.email.as_deref(), &bob.metadata["company"]), (None, &json!("Bobs")));
}

async fn returns_only_the_matching_identifier(office: Office) {
    office.save(&by_email("a", "a@x.y"), json!({ "name": "Anna", "phone": "+15550000001" })).await;
    let found = office.find(&context("b"), json!({ "email": "a@x.y", "phone": "+15550000009" })).await;
    assert_eq!(found["customer"], json!({ "name": "Anna", "email": "a@x.y" }));
}

async fn finds_the_caller_without_arguments(office: Office) {
    let nobody = json!({ "found": false });
    let anna = by_email("a", "a@x.y");
    assert_eq!(office.find(&anna, json!({})).await, nobody);
    let saved = office.save(&anna, json!({ "name": "Anna", "phone": "+15550000001" })).await;
    for arguments in [json!({}), json!({ "email": " ", "phone": null })] {
        let found = office.find(&by_email("later", "a@x.y"), arguments).await;
        assert_eq!(
            (&found["customer"]["name"], &found["customerId"]),
            (&json!("Anna"), &saved["customerId"])
        );
    }
    // A number that she stated is not her channel address yet. An unknown caller has no record.
    assert_eq!(office.find(&by_phone("b", "+15550000001"), json!({})).await, nobody);
    assert_eq!(office.find(&context("a"), json!({})).await, nobody);
    office.save(&context("a"), json!({ "notes": "whose?" })).await;
    assert_eq!(office.find(&context("a"), json!({})).await, nobody);
    // For an unknown caller, it is the record that only this conversation has saved, not one that
    // it has only named.
    let here = context("here");
    office.save(&here, json!({ "name": "Bob", "notes": "n" })).await;
    assert_eq!(office.find(&here, json!({})).await["customer"], json!({ "name": "Bob", "notes": "n" }));
    assert_eq!(office.find(&context("elsewhere"), json!({})).await, nobody);
    let there = context("there");
    office.save(&there, json!({ "email": "a@x.y", "notes": "claims to be Anna" })).await;
    assert_eq!(office.find(&there, json!({})).await, nobody);
    // A known caller is never another person whose data they saved.
    let husband = by_phone("c", "+15550000003");
    office.save(&husband, json!({ "email": "a@x.y", "company": "Acme" })).await;
    assert_eq!(office.find(&husband, json!({})).await, nobody);
}

async fn returns_one_id_at_every_save(office: Office) {
    let mut ids = HashSet::new();
    for (context, arguments) in [
        (by_phone("a", "+15551234567"), json!({ "name": "John" })),
        (by_phone("a", "+15551234567"), json!({ "email": "j@x.y" })),
        (by_phone("b", "+15551234567"), json!({ "notes": "n" })),
        (context("c"), json!({ "email": "J@X.y", "company": "Acme" })),
        (by_phone("d", "+15551234567"), json!({ "phone": "+15559999999" })),
    ] {
        ids.insert(office.save(&context, arguments).await["customerId"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 1);
    let id = ids.into_iter().next().unwrap();
    assert_eq!(office.find(&by_phone("e", "+15551234567"), json!({})).await["customerId"], id);
    assert_eq!(office.leads.row_id("phone:+15551234567").await.unwrap(), id);
    assert!(uuid::Uuid::parse_str(&id).is_ok());
    // About other people, only the requested fields are returned.
    let stranger = office.find(&context("f"), json!({ "email": "j@x.y" })).await;
    assert!(stranger["found"] == json!(true) && stranger.get("customerId").is_none());
    let other = office.save(&context("g"), json!({ "name": "Mary" })).await;
    assert_ne!(other["customerId"], id);
}

async fn returns_whole_records_to_a_back_office(office: Office) {
    office.save(&by_email("a", "a@x.y"), json!({ "name": "Anna", "notes": "n" })).await;
    let (leads, memory) = (Arc::clone(&office.leads), Arc::clone(&office.memory));
    let find = FindCustomer::new(leads, memory, "US".into(), CustomerLookup::Full);
    let data = find.call(json!({ "email": "a@x.y" }), &context("b")).await.unwrap().data.unwrap();
    assert_eq!(
        data,
        json!({
            "found": true, "customerId": office.leads.row_id("email:a@x.y").await.unwrap(),
            "customer": { "name": "Anna", "email": "a@x.y", "notes": "n" },
        })
    );
}

async fn asks_again_for_an_invalid_address(office: Office) {
    for arguments in
        [json!({ "email": "john at example" }), json!({ "phone": "call me" }), json!({ "name": " " })]
    {
        let result = office.save.call(arguments, &context("c")).await.unwrap();
        assert!(!result.success && result.error.is_some() && result.response["speak"].is_string());
    }
    assert!(office.leads().await.is_empty());
}

async fn creates_one_record_for_parallel_saves(office: Office) {
    let here = context("c");
    tokio::join!(
        office.save(&here, json!({ "name": "John" })),
        office.save(&here, json!({ "email": "j@x.y" })),
        office.save(&here, json!({ "phone": "+15551234567" }))
    );
    let leads = office.leads().await;
    assert_eq!(leads.len(), 1, "{leads:?}");
    assert_eq!((leads[0].name.as_deref(), leads[0].email.as_deref()), (Some("John"), Some("j@x.y")));
}

async fn records_the_save_as_a_memory(office: Office) {
    let saved = office.save(&context("c"), json!({ "name": "John", "phone": "555 123 4567" })).await;
    let mut query = MemoryQuery::conversation("c");
    query.keywords = vec!["Customer information: ".into()];
    let rows = office.memory.search(&query).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].meta("customerId"), Some(&saved["customerId"]));
    assert_eq!(rows[0].importance, Some(9));
    assert_eq!(rows[0].content, "Customer information: {\"name\":\"John\",\"phone\":\"+15551234567\"}");
    assert_eq!(rows[0].meta("leadId"), Some(&json!("phone:+15551234567")));
    assert_eq!(rows[0].meta("customerData").unwrap()["name"], "John");
}

async fn hashes_long_conversation_ids(office: Office) {
    office.save(&context(&"é".repeat(512)), json!({ "name": "John" })).await;
    assert_eq!(office.leads().await.len(), 1);
}

/// Runs every scenario with each kind of storage.
macro_rules! with_each_storage {
    ($($scenario:ident),+ $(,)?) => {
        mod in_memories {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(super::office(None)).await;
            })+
        }

        mod in_a_database {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(super::office(Some(super::database()))).await;
            })+
        }
    };
}

with_each_storage! {
    completes_a_record_without_blanking_fields,
    corrects_a_record_within_the_conversation,
    identifies_the_caller_by_channel_address,
    gives_no_access_by_claiming_an_address,
    gives_no_access_by_an_address_a_stranger_added,
    gives_no_access_by_claiming_an_address_first,
    reads_its_own_record_until_another_conversation_writes,
    never_takes_over_an_imported_record,
    never_merges_two_records,
    returns_only_the_matching_identifier,
    finds_the_caller_without_arguments,
    returns_one_id_at_every_save,
    returns_whole_records_to_a_back_office,
    asks_again_for_an_invalid_address,
    creates_one_record_for_parallel_saves,
    records_the_save_as_a_memory,
    hashes_long_conversation_ids,
}
