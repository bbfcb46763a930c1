use super::*;

#[test]
fn columns_are_known_by_their_synonyms() {
    for (name, expected) in [
        ("worker", Claim::Is(Column::Worker)),
        ("\"Worker\"", Claim::Is(Column::Worker)),
        ("replica", Claim::Is(Column::Worker)),
        ("fold", Claim::Is(Column::Worker)),
        ("user_attrs_worker", Claim::Perhaps(Column::Worker)),
        ("env_id", Claim::Perhaps(Column::Worker)),
        ("world_rank", Claim::Perhaps(Column::Rank)),
        ("trial", Claim::Perhaps(Column::Run)),
        ("Time (ps)", Claim::Is(Column::Ignored)),
        ("datetime_start", Claim::Is(Column::Ignored)),
        ("span_id", Claim::Id),
        ("uuid", Claim::Id),
        ("Temperature (K)", Claim::Unknown),
        ("params_x", Claim::Unknown),
        ("", Claim::Is(Column::Ignored)),
    ] {
        assert_eq!(claim(name), expected, "{name}");
    }
}

#[test]
fn numbers_in_names_say_who_drew() {
    let (words, identity) = numbered("run0_w3").unwrap();
    assert_eq!(words, ["run", "w"]);
    assert_eq!(identity.run, [Part::Number(0)]);
    assert_eq!(identity.task, [Part::Number(3)]);
    assert_eq!(
        numbered("step 9, rank 2").unwrap().1.task,
        [Part::Number(2)]
    );
    for name in ["x1", "", "w0.5", "mean w0 std"] {
        assert!(numbered(name).is_none(), "{name}");
    }
    assert_eq!(stem("fold7"), Some(("fold", 7)));
    assert_eq!(stem("7"), None);
    assert_eq!(stem("fold"), None);
}
