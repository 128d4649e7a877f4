namespace EdgeAutonomy.Agents;

/// <summary>Why a proposal was refused.</summary>
public enum GuardReason
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The reply is longer than allowed, or was cut off while reading.</summary>
    TooLong,

    /// <summary>The reply is not strict JSON in UTF-8, or text stands around it.</summary>
    NotJson,

    /// <summary>The reply is JSON but not one object.</summary>
    NotAnObject,

    /// <summary>The object has a key that means nothing here.</summary>
    UnknownKey,

    /// <summary>The object names a key twice.</summary>
    DuplicateKey,

    /// <summary>The object does not say which action, or not as text.</summary>
    NoAction,

    /// <summary>The mission offers no such command: unknown verb or unknown thing.</summary>
    UnknownCommand,

    /// <summary>Verb or arguments are not those of the command named.</summary>
    PartsDiffer,

    /// <summary>The decision was made for an earlier version of the world model.</summary>
    Stale,

    /// <summary>A precondition does not hold.</summary>
    Precondition,

    /// <summary>The emergency stop is set.</summary>
    EmergencyStop,

    /// <summary>The robot's own state is not known, too old or not a number, or what the command asks for is not known.</summary>
    Unknown,

    /// <summary>An interlock that the command needs is open.</summary>
    Interlock,

    /// <summary>The command is of a faster class than allowed now.</summary>
    Speed,

    /// <summary>The way or its end lies outside the fence or inside a closed area.</summary>
    Fence,

    /// <summary>The battery would fall below its reserve.</summary>
    Battery,

    /// <summary>Another robot has claimed what the command needs.</summary>
    Claimed,

    /// <summary>The safety envelope itself failed; nothing passes then.</summary>
    EnvelopeFault,

    /// <summary>The same command was refused before, as often as allowed, in this state of the world.</summary>
    RefusedAgain,

    /// <summary>The same command was carried out from the same state as often as a mission allows.</summary>
    Repeated,

    /// <summary>The last command was approved too short a time ago.</summary>
    TooSoon,
}
