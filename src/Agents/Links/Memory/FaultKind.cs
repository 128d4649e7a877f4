namespace EdgeAutonomy.Agents;

/// <summary>What goes wrong.</summary>
public enum FaultKind : byte
{
    /// <summary>Messages are lost with a probability.</summary>
    Drop,

    /// <summary>Messages arrive more than once.</summary>
    Duplicate,

    /// <summary>Messages arrive later; those of one publisher to one receiver stay in order.</summary>
    Delay,

    /// <summary>Messages overtake each other.</summary>
    Reorder,

    /// <summary>Messages pass only between clients of one group.</summary>
    Partition,

    /// <summary>Messages of one client do not reach another; the other way they do.</summary>
    OneWay,

    /// <summary>A client loses its connection.</summary>
    Disconnect,

    /// <summary>A stranger connects under a client's name and throws it out.</summary>
    TakeOver,

    /// <summary>The hub dies and comes back with what it had stored earlier.</summary>
    HubCrash,

    /// <summary>The hub is stopped and started.</summary>
    HubRestart,

    /// <summary>A client's clock jumps.</summary>
    ClockJump,

    /// <summary>A client takes only so many messages per second, and the hub drops what queues up beyond a limit.</summary>
    SlowConsumer,

    /// <summary>Payloads arrive damaged.</summary>
    Corrupt,

    /// <summary>The kept messages of some topics turn into those of earlier.</summary>
    StaleRetained,
}
