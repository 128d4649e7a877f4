namespace EdgeAutonomy.Sensors;

/// <summary>What can be wrong with an event stream. Decoders count these and go on; they never throw on bad words.</summary>
/// <remarks>The names in messages and JSON (<see cref="DecoderCounters.NameOf"/>) are OpenEB's where OpenEB has one.</remarks>
public enum DecoderViolation : byte
{
    /// <summary>A TIME_HIGH smaller than the one before that is not a wrap; also a late word from before a wrap.</summary>
    NonMonotonicTimeHigh = 0,

    /// <summary>A TIME_HIGH more than one step ahead (EVT3, EVT4). Information, not an error.</summary>
    NonContinuousTimeHigh = 1,

    /// <summary>Vector words on one base that are not in the order 12, 12, 8 (EVT3).</summary>
    PartialVectorGroup = 2,

    /// <summary>CONTINUED words that are not in the order 12, 12, 4, or without an OTHERS word before them (EVT3).</summary>
    PartialContinuedGroup = 3,

    /// <summary>An event before any row address, or after a reserved row word (EVT3): dropped.</summary>
    MissingYAddr = 4,

    /// <summary>A vector word without a base, or one that reaches over the right border (EVT3). Its pixels inside are kept.</summary>
    InvalidVectBase = 5,

    /// <summary>An event with x ≥ width or y ≥ height: dropped.</summary>
    OutOfBoundsEventCoordinate = 6,

    /// <summary>A word of unknown type: skipped.</summary>
    UnknownWord = 7,

    /// <summary>A padding word (0x9999 in EVT3, 0xFFFFFFFF in EVT4): skipped.</summary>
    PaddingWord = 8,

    /// <summary>An event or trigger before the first time word: dropped.</summary>
    EventsBeforeTime = 9,

    /// <summary>An event earlier than the event handed out before it: kept.</summary>
    BackwardsTime = 10,

    /// <summary>The stream ended inside a word or record; what was whole was delivered.</summary>
    TruncatedTail = 11,

    /// <summary>Bytes skipped by a resynchronising reader.</summary>
    ResyncBytes = 12,

    /// <summary>An external trigger that found the trigger buffer full: lost.</summary>
    TriggersDropped = 13,
}
