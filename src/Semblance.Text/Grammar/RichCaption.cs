using Semblance.Core;

namespace Semblance.Text.Grammar;

/// <summary>One free caption: an opening in one of many forms, which tells some topics, then sentences for the rest.</summary>
internal sealed class RichCaption
{
    private enum Topic { Hair, Upper, Lower, Feet, Head, Glasses, Carried, Activity, Surroundings, Absent, Overall }

    /// <summary>Whom a sentence speaks of, and whether its verb is plural ("they").</summary>
    private readonly record struct Subject(string Words, bool Plural);

    private readonly Phrases _say;
    private readonly CaptionOptions _options;
    private readonly List<Topic> _left = [];
    private readonly string _he;
    private readonly string _his;
    private readonly string? _hair;
    private bool _openedWithName;
    private string? _alias;

    private RichCaption(Witness witness, CaptionOptions options, Randomness random)
    {
        _say = new Phrases(witness, options, random);
        _options = options;
        (_he, _his) = !Knows(Fact.Gender) || Person.Gender == Gender.Unknown ? ("they", "their") : Person.Gender == Gender.Male ? ("he", "his") : ("she", "her");
        _hair = Person.Headwear == Headwear.Hood && Knows(Fact.Headwear) ? null : _say.Hair();
        FindTopics();
    }

    private PersonDescription Person => _say.Person;

    /// <summary>Writes a caption of a witness, in any number of words; the stream moves on.</summary>
    public static string Write(Witness witness, CaptionOptions options, ref Randomness random)
    {
        var caption = new RichCaption(witness, options, random);
        var text = caption.Compose();
        random = caption._say.Random;
        return text;
    }

    private bool Knows(Fact fact) => _say.Knows(fact);

    private void FindTopics()
    {
        _left.Add(Topic.Upper);
        AddIf(!_say.IsDress, Topic.Lower);
        AddIf(_hair is not null, Topic.Hair);
        AddIf(Knows(Fact.Footwear) && (Person.FootwearColour is not null || Person.FootwearTone != Tone.Unknown), Topic.Feet);
        AddIf(Knows(Fact.Headwear) && Person.Headwear != Headwear.None, Topic.Head);
        AddIf(Knows(Fact.Glasses) && Person.Glasses, Topic.Glasses);
        AddIf(Carried().Count > 0, Topic.Carried);
        AddIf(Knows(Fact.Activity) && Person.Activity != Activity.Unknown && _say.Chance(0.6), Topic.Activity);
        AddIf(_options.Environment == EnvironmentWords.Full && Person.Scene is not null, Topic.Surroundings);
        AddIf(_say.Chance(_options.AbsentMentions) && Absences().Count > 0, Topic.Absent);
        AddIf(OverallTone() is not null && _say.Chance(0.12), Topic.Overall);
    }

    private void AddIf(bool condition, Topic topic)
    {
        if (condition)
        {
            _left.Add(topic);
        }
    }

    private string Compose()
    {
        List<string> sentences = [Opening()];
        var rest = _left.ToArray();
        _say.Shuffle(rest.AsSpan());
        _left.Clear();
        _left.AddRange(rest);
        while (_left.Count > 0)
        {
            sentences.Add(FollowUp());
        }

        var text = string.Join(' ', sentences.Select(sentence => English.Sentence(sentence.Replace("{his}", _his, StringComparison.Ordinal))));
        if (English.CountWords(text) < _options.MinimumWords)
        {
            text = $"{text[..^1]}, {_say.Pick(Lexicon.Padding)}.";
        }

        // People are not always tidy.
        return _say.PickWeighted([88, 5, 4, 3]) switch
        {
            1 => text[..^1],
            2 => text.ToLowerInvariant(),
            3 => text.ToLowerInvariant()[..^1],
            _ => text,
        };
    }

    // ---- the opening ----

    private string Opening()
    {
        var summary = OverallTone() is not null && _options.MissingFacts > 0 && _say.Chance(0.05);
        if (summary)
        {
            return Summary();
        }

        var hair = Has(Topic.Hair);
        return _say.PickWeighted([30, hair ? 12 : 0, 10, hair ? 5 : 0, 12, 7, 6, 6, Has(Topic.Carried) ? 6 : 0, hair ? 7 : 0, 8, Has(Topic.Activity) ? 7 : 0, Has(Topic.Lower) || Has(Topic.Feet) ? 3 : 0]) switch
        {
            0 => Join(Name(), Verb(Lexicon.Wears, Lexicon.WearsHedged), Outfit()),
            1 => Join(Name(), "with", TakeHair(), Verb(Lexicon.Wears, Lexicon.WearsHedged), Outfit()),
            2 => $"{_say.Pick(Lexicon.StartWearing)} {Outfit()}, {MainClause()}",
            3 => $"with {TakeHair()}, {Join(Name(), Verb(Lexicon.Wears, Lexicon.WearsHedged), Outfit())}",
            4 => $"{_say.Pick(Lexicon.Shown)} {Join(Name(), _say.Pick(Lexicon.Wearing), Outfit())}",
            5 => Inventory(),
            6 => ByTheClothes(),
            7 => $"{_say.Pick(Lexicon.Opener)}, {Join(Name(), Verb(Lexicon.Wears, Lexicon.WearsHedged), Outfit())}",
            8 => $"{Join(Name(), TakeCarried())} and {_say.Pick(Lexicon.Wears)} {Outfit()}",
            9 => $"{Join(Name(), "has", TakeHair())} and {_say.Pick(Lexicon.Wears)} {Outfit()}",
            10 => Join(Name(), _say.Pick(Lexicon.Wearing), Outfit()) + Trailing(),
            11 => $"{Name()} {_say.Pick(Lexicon.Wearing)} {Outfit()} {TakeActivity(plural: false)}",
            _ => $"{Garments()} {_say.Pick("are worn by:3|are the clothes of|are what we see on:.5|make up the outfit of:.6")} {Name()}",
        };
    }

    /// <summary>The whole outfit in one phrase: "A man in dark clothes."</summary>
    private string Summary()
    {
        Take(Topic.Upper);
        Take(Topic.Lower);
        Take(Topic.Overall);
        var clothes = Noun.Parse(_say.Pick(Lexicon.Clothes));
        var words = $"{OverallTone()} {clothes.Text}";
        return Join(Name(), _say.Pick(Lexicon.Wearing), Phrases.WithArticle(clothes, words, pair: false)) + Trailing();
    }

    private string Trailing()
    {
        if (Has(Topic.Hair) && _say.Chance(0.3))
        {
            return $", with {TakeHair()}";
        }

        if (Has(Topic.Activity) && _say.Chance(0.4))
        {
            Take(Topic.Activity);
            return " " + _say.Pick(Person.Activity == Activity.Walking ? Lexicon.Walking : Lexicon.Standing);
        }

        return Has(Topic.Carried) && _say.Chance(0.6) ? $", {CarryingParticiple()}" : "";
    }

    /// <summary>Clothes taken together: the upper garment, nearly always the lower, at times shoes, hat and glasses.</summary>
    private string Outfit()
    {
        List<string> items = [];
        Take(Topic.Upper);
        var upper = Hedged(_say.Upper());
        if (Has(Topic.Lower) && _say.Chance(0.88))
        {
            Take(Topic.Lower);
            if (_say.Chance(0.3))
            {
                items.Add($"{upper} {_say.Pick(Lexicon.WornWith)} {Hedged(_say.Lower())}");
                if (Has(Topic.Feet) && _say.Chance(0.35))
                {
                    Take(Topic.Feet);
                    return $"{items[0]} and {_say.Feet()}";
                }

                return items[0];
            }

            items.Add(upper);
            items.Add(Hedged(_say.Lower()));
            if (_say.Chance(0.06))
            {
                items.Reverse();
            }
        }
        else
        {
            items.Add(upper);
        }

        if (Has(Topic.Feet) && _say.Chance(0.55))
        {
            Take(Topic.Feet);
            items.Add(_say.Feet());
        }

        if (Has(Topic.Head) && Person.Headwear != Headwear.Hood && _say.Chance(0.35))
        {
            Take(Topic.Head);
            items.Insert(_say.OneOf(0, items.Count), _say.Headwear());
        }

        if (Has(Topic.Glasses) && _say.Chance(0.3))
        {
            Take(Topic.Glasses);
            items.Add(_say.Glasses());
        }

        return English.List(items, comma: _say.Chance(0.3));
    }

    /// <summary>Two things worn as the subject of a sentence: the upper garment with the lower one, or with the shoes.</summary>
    private string Garments()
    {
        Take(Topic.Upper);
        List<string> items = [_say.Upper()];
        if (Has(Topic.Lower))
        {
            Take(Topic.Lower);
            items.Add(_say.Lower());
        }
        else
        {
            Take(Topic.Feet);
            items.Add(_say.Feet());
        }

        return English.List(items);
    }

    /// <summary>A list without verbs, as hurried people write.</summary>
    private string Inventory()
    {
        _openedWithName = true;
        List<string> items = [_say.PersonNoun()];
        if (Has(Topic.Hair) && _say.Chance(0.6))
        {
            items.Add(TakeHair());
        }

        Take(Topic.Upper);
        items.Add(WithoutArticle(_say.Upper()));
        if (Has(Topic.Lower))
        {
            Take(Topic.Lower);
            items.Add(WithoutArticle(_say.Lower()));
        }

        if (Has(Topic.Feet) && _say.Chance(0.8))
        {
            Take(Topic.Feet);
            items.Add(WithoutArticle(_say.Feet()));
        }

        if (Has(Topic.Glasses) && _say.Chance(0.5))
        {
            Take(Topic.Glasses);
            items.Add(WithoutArticle(_say.Glasses()));
        }

        if (Has(Topic.Carried) && _say.Chance(0.6))
        {
            Take(Topic.Carried);
            items.AddRange(Carried().Select(item => WithoutArticle(item.Things)));
        }

        return string.Join(", ", items);
    }

    /// <summary>"The jacket of this man is black and his trousers are blue."</summary>
    private string ByTheClothes()
    {
        var name = _say.PersonNoun();
        _openedWithName = true;
        Take(Topic.Upper);
        var upper = _say.UpperNoun();
        if (!Knows(Fact.UpperColour) || Person.UpperColour is not { } colour || Person.UpperPattern != ClothPattern.Plain)
        {
            return $"the {name} {_say.Pick(Lexicon.Wears)} {_say.Upper()}";
        }

        var first = _say.Chance(0.5)
            ? $"the {upper.Text} of {_say.Pick("this:3|the:4")} {name} {Be(upper)} {_say.Shade(colour)}"
            : $"the {name} has {(upper.Number == Number.Singular ? English.An(upper.Text) : upper.Text)} {_say.Pick("that|which:.6")} {Be(upper)} {_say.Shade(colour)}";
        if (!Has(Topic.Lower) || !Knows(Fact.LowerColour) || Person.LowerColour is not { } below || _say.Chance(0.2))
        {
            return first;
        }

        Take(Topic.Lower);
        var lower = _say.LowerNoun();
        return $"{first} {_say.Pick("and:4|while:1.5|, and|, whereas:.3")} {_say.Pick("the:2|{his}:4")} {lower.Text} {Be(lower)} {_say.Shade(below)}";
    }

    /// <summary>What follows "Wearing a red coat, ...".</summary>
    private string MainClause()
    {
        var subject = new Subject(Name(), Plural: false);
        foreach (var topic in new[] { Topic.Carried, Topic.Activity, Topic.Hair, Topic.Head })
        {
            if (Has(topic) && _say.Chance(topic == Topic.Activity ? 0.9 : 0.6))
            {
                return $"{subject.Words} {Predicate(topic, subject)}";
            }
        }

        return $"{subject.Words} {_say.Pick("is seen:2|is visible|is shown:1.5|appears in the picture:.6|can be seen:1.5|is pictured:.5|passes through the frame:.2")}";
    }

    // ---- the rest ----

    private string FollowUp()
    {
        var topic = _left[0];
        if (_say.Chance(0.4) && Standalone(topic) is { } sentence)
        {
            return sentence;
        }

        var subject = FollowUpSubject();
        List<string> predicates = [];
        var count = _say.PickWeighted([5, 4, 1]) + 1;
        while (predicates.Count < count && _left.Count > 0)
        {
            predicates.Add(Predicate(_left[0], subject));
        }

        return $"{subject.Words} {English.List(predicates)}";
    }

    private Subject FollowUpSubject()
    {
        if (_openedWithName && _say.Chance(0.78))
        {
            return new Subject(_he, _he == "they");
        }

        var teenager = Knows(Fact.Age) && Person.Age == AgeGroup.Teenager;
        var plainName = (Knows(Fact.Gender) ? Person.Gender : Gender.Unknown) switch
        {
            Gender.Male => teenager ? "boy" : "man",
            Gender.Female => teenager ? "girl" : "woman",
            _ => teenager ? "teenager" : "person",
        };
        _alias ??= _say.Chance(0.6) ? $"the {plainName}" : _say.Pick(Lexicon.ThisOne);
        return new Subject(_alias, Plural: false);
    }

    /// <summary>A verb phrase about a topic, which is taken.</summary>
    private string Predicate(Topic topic, Subject subject)
    {
        Take(topic);
        var (wears, has, s) = subject.Plural ? (Lexicon.Wear, "have", "are") : (Lexicon.Wears, "has", "is");
        switch (topic)
        {
            case Topic.Hair:
                return _say.Chance(_options.Hedges) ? $"{(subject.Plural ? "seem" : "seems")} to have {_hair}" : $"{has} {_hair}";
            case Topic.Upper:
                return $"{_say.Pick(wears)} {Hedged(_say.Upper())}";
            case Topic.Lower:
                return $"{_say.Pick(wears)} {Hedged(_say.Lower())}";
            case Topic.Feet:
                return _say.Chance(0.35) ? $"{has} {_say.Feet()} on" : $"{_say.Pick(subject.Plural ? "are wearing:3|wear:3|have on" : "is wearing:3|wears:3|has on|sports:.2")} {_say.Feet()}";
            case Topic.Head:
                return Person.Headwear == Headwear.Hood ? $"{has} {_say.Headwear()}"
                    : _say.Chance(0.4) ? $"{has} {_say.Headwear()} on {{his}} head"
                    : $"{_say.Pick(subject.Plural ? "are wearing:3|wear:3" : "is wearing:3|wears:3")} {_say.Headwear()}";
            case Topic.Glasses:
                return $"{(subject.Plural ? _say.Pick("wear:3|are wearing:3|have") : _say.Pick("wears:3|is wearing:3|has:1"))} {_say.Glasses()}";
            case Topic.Carried:
                return CarriedPredicate(subject.Plural);
            case Topic.Activity:
                return ActivityWords(subject.Plural);
            case Topic.Absent:
                return AbsentPredicate(subject.Plural);
            case Topic.Overall:
                return $"{s} {_say.Pick("dressed in:3|all in|entirely in:.5|dressed mostly in:1.5")} {OverallTone()} {_say.Pick("clothes:4|clothing:3|colours:.8|colors:.6|attire:.3|tones:.4|shades:.3")}";
            default:
                return $"{s} {SurroundingsWords()}";
        }
    }

    /// <summary>A sentence of its own about a topic, or null where there is no such form.</summary>
    private string? Standalone(Topic topic)
    {
        switch (topic)
        {
            case Topic.Feet when Knows(Fact.FootwearColour) && (Person.FootwearColour is not null || Person.FootwearTone != Tone.Unknown):
                Take(topic);
                var shoes = _say.FeetNoun();
                return _say.OneOf(0, 1, 2) switch
                {
                    0 => $"{{his}} {shoes.Text} {Be(shoes)} {_say.FeetColour()}",
                    1 => $"on {{his}} feet {Be(shoes)} {Phrases.Join(_say.FeetColour(), shoes.Text)}",
                    _ => $"{Phrases.Join(_say.FeetColour(), shoes.Text)} {_say.Pick(shoes.TakesPluralVerb ? Lexicon.Finish : Lexicon.Finishes)}",
                };
            case Topic.Lower when Knows(Fact.LowerColour) && Person.LowerColour is { } colour && Person.LowerPattern == ClothPattern.Plain:
                Take(topic);
                var lower = _say.LowerNoun();
                return $"{_say.Pick("{his}:4|the:1")} {lower.Text} {Be(lower)} {_say.Shade(colour)}";
            case Topic.Hair when Person.HairStyle is not (HairStyle.Bun or HairStyle.Ponytail) && Knows(Fact.HairLength) && Person.HairLength is HairLength.Short or HairLength.Long or HairLength.Medium:
                Take(topic);
                var length = _say.Pick(Person.HairLength switch { HairLength.Short => "short:6|cut short|quite short:.5|cropped:.4", HairLength.Long => "long:6|rather long:.5|quite long:.4", _ => "medium-length:2|shoulder-length:3|of medium length" });
                return Knows(Fact.HairColour) && Person.HairColour is { } hairColour
                    ? $"{{his}} {(Person.HairStyle == HairStyle.Curly && Knows(Fact.HairStyle) ? _say.Pick(Lexicon.Curly) + " " : "")}hair is {length} and {_say.Pick(Lexicon.HairColour(hairColour))}"
                    : $"{{his}} hair is {length}";
            case Topic.Head when Person.Headwear != Headwear.Hood:
                Take(topic);
                return $"on {{his}} head is {_say.Headwear()}";
            case Topic.Carried when Person.Backpack is not null && Knows(Fact.Backpack) && Carried().Count == 1:
                Take(topic);
                return $"{_say.BackpackAlone()} {_say.Pick("is on {his} back:2|hangs from {his} shoulders|hangs on {his} back|is strapped to {his} back:.5|is slung over {his} shoulder:.6|can be seen on {his} back:.5")}";
            default:
                return null;
        }
    }

    // ---- topics ----

    /// <summary>Things carried, each with the verbs that go with it.</summary>
    private List<(string Things, Words Singular, Words Plural)> Carried()
    {
        List<(string, Words, Words)> items = [];
        if (Person.Backpack is not null && Knows(Fact.Backpack))
        {
            items.Add((_say.Backpack(), Lexicon.Bears, Lexicon.Bear));
        }

        if (Person.Handbag is not null && Knows(Fact.Handbag))
        {
            items.Add((_say.Handbag(), Lexicon.Carries, Lexicon.Carry));
        }

        if (Person.Bag && Person.Backpack is null && Person.Handbag is null && Knows(Fact.Handbag))
        {
            items.Add((English.An(_say.Pick(Lexicon.AnyBag)), Lexicon.Carries, Lexicon.Carry));
        }

        if (Person.Umbrella is not null && Knows(Fact.Umbrella))
        {
            items.Add((_say.Umbrella(), Lexicon.Holds, Lexicon.Hold));
        }

        if (Person.Phone && Knows(Fact.Phone))
        {
            items.Add((_say.Pick(Lexicon.Phone), Lexicon.UsesPhone, Lexicon.UsePhone));
        }

        return items;
    }

    private string CarriedPredicate(bool plural)
    {
        var items = Carried();
        return English.List([.. items.Select(item => $"{_say.Pick(plural ? item.Plural : item.Singular)} {Hedged(item.Things)}")]);
    }

    private string TakeCarried()
    {
        Take(Topic.Carried);
        return CarriedPredicate(plural: false);
    }

    private string CarryingParticiple()
    {
        Take(Topic.Carried);
        return English.List([.. Carried().Select(item => ReferenceEquals(item.Singular, Lexicon.UsesPhone)
            ? $"{_say.Pick(Lexicon.UsingPhone)} {item.Things}"
            : $"{_say.Pick(ReferenceEquals(item.Singular, Lexicon.Holds) ? "holding:4|carrying:2" : "carrying:5|with:2")} {item.Things}")]);
    }

    private List<string> Absences()
    {
        List<string> things = [];
        if (Person.Headwear == Headwear.None)
        {
            things.Add("hat");
        }

        if (!Person.Glasses)
        {
            things.Add("glasses");
        }

        if (Person.Backpack is null && Person.Handbag is null && !Person.Bag)
        {
            things.Add("bag");
            things.Add("backpack");
        }

        return things;
    }

    private string AbsentPredicate(bool plural)
    {
        var things = Absences();
        var thing = _say.OneOf<string>(things.ToArray());
        var (s, has) = plural ? ("are", "have") : ("is", "has");
        if (thing is "bag" or "backpack")
        {
            var emptyHands = !Person.Phone && Person.Umbrella is null;
            return emptyHands && _say.Chance(0.4)
                ? _say.Pick($"{s} not carrying anything|{has} nothing in {{his}} hands|{s} empty-handed:.5|{has} no luggage:.3")
                : _say.Pick($"{s} not carrying a {thing}:2|{has} no {thing}:2|{s} without a {thing}:.8");
        }

        return thing == "hat"
            ? _say.Pick($"{s} not wearing a hat:2|{has} no hat on|{s} bareheaded:.5|{has} nothing on {{his}} head:.6|{has} an uncovered head:.2")
            : _say.Pick($"{s} not wearing glasses:2|{has} no glasses|{s} without glasses");
    }

    /// <summary>"dark", "light coloured" or "all-black" when both garments agree, else null.</summary>
    private string? OverallTone()
    {
        if (Person.UpperColour is not { } upper || _say.IsDress || Person.LowerColour is not { } lower || !Knows(Fact.UpperColour | Fact.LowerColour) || Person.UpperPattern != ClothPattern.Plain)
        {
            return null;
        }

        if (upper == lower)
        {
            return Lexicon.Colour(upper).Plain;
        }

        return Palette.IsDark(upper) && Palette.IsDark(lower) ? _say.Pick(Lexicon.DarkTone)
            : Palette.IsLight(upper) && Palette.IsLight(lower) ? _say.Pick(Lexicon.LightTone)
            : Palette.IsBright(upper) && Palette.IsBright(lower) ? _say.Pick(Lexicon.BrightTone)
            : null;
    }

    private string TakeActivity(bool plural)
    {
        Take(Topic.Activity);
        return ActivityWords(plural);
    }

    private string ActivityWords(bool plural) => _say.Pick((Person.Activity, plural) switch
    {
        (Activity.Walking, false) => Lexicon.Walks,
        (Activity.Walking, true) => Lexicon.Walk,
        (_, false) => Lexicon.Stands,
        _ => Lexicon.Stand,
    });

    private string SurroundingsWords()
    {
        var scene = Person.Scene!;
        string[] parts = [_say.Pick(Lexicon.View(scene.ViewpointDegrees)), _say.Pick(Lexicon.Scene(scene.Scene)), _say.Pick(Lexicon.TimeOfDay(scene.TimeOfDay)), _say.Pick(Lexicon.Weather(scene.Weather))];
        var kept = parts.Where(_ => _say.Chance(0.7)).ToArray();
        return kept.Length == 0 ? parts[0] : $"{(kept[0] == parts[0] ? "" : "seen ")}{string.Join(' ', kept)}";
    }

    private string TakeHair()
    {
        Take(Topic.Hair);
        return _hair!;
    }

    // ---- small words ----

    private string Name()
    {
        _openedWithName = true;
        var name = _say.PersonNoun();
        var words = _say.Chance(0.3) ? $"the {name}" : English.An(name);
        if (Knows(Fact.Build) && Person.Build != 0 && !_say.SaidBuild && _say.Chance(0.2))
        {
            words += $" with {_say.Pick(Person.Build < 0 ? Lexicon.SlimFigure : Lexicon.HeavyFigure)}";
        }

        return words;
    }

    private string Verb(Words plain, Words hedged) => _say.Pick(_say.Chance(_options.Hedges) ? hedged : plain);

    private string Hedged(string phrase) => _say.Chance(_options.Hedges * 0.5) ? $"{_say.Pick(Lexicon.LooksLike)} {phrase}" : phrase;

    private static string Be(Noun noun) => noun.TakesPluralVerb ? "are" : "is";

    private static string WithoutArticle(string phrase) =>
        phrase.StartsWith("a pair of ", StringComparison.Ordinal) ? phrase[10..] : phrase.StartsWith("a ", StringComparison.Ordinal) ? phrase[2..] : phrase.StartsWith("an ", StringComparison.Ordinal) ? phrase[3..] : phrase;

    private static string Join(params ReadOnlySpan<string> words) => Phrases.Join(words);

    private bool Has(Topic topic) => _left.Contains(topic);

    private void Take(Topic topic) => _left.Remove(topic);
}
