using System.Globalization;

namespace EdgeAutonomy.Runtime;

/// <summary>Why the rung changed.</summary>
public enum RungReason : ushort
{
    /// <summary>No reason: nominal since the start.</summary>
    None = 0,

    /// <summary>Little time is left in the period.</summary>
    Slack = 1,

    /// <summary>An input queue fills up.</summary>
    Queue = 2,

    /// <summary>A stream lost trust.</summary>
    Trust = 3,

    /// <summary>Deadlines were missed.</summary>
    DeadlineMiss = 4,

    /// <summary>The sample is old.</summary>
    SampleAge = 5,

    /// <summary>A stage failed.</summary>
    StageFailure = 6,

    /// <summary>No fresh percept.</summary>
    NoPercept = 7,

    /// <summary>The actuator refused or did not answer.</summary>
    Actuator = 8,

    /// <summary>A required peer is gone.</summary>
    PeerLost = 9,

    /// <summary>A stage with on-miss Stop missed its budget.</summary>
    StopOnMiss = 10,

    /// <summary>The watchdog found a stall.</summary>
    Watchdog = 11,

    /// <summary>A person stopped the robot.</summary>
    Operator = 12,

    /// <summary>The conditions hold again.</summary>
    Recovered = 13,

    /// <summary>A part outside the loop, such as the recorder, failed.</summary>
    Outside = 14,
}

/// <summary>Words for rung reasons.</summary>
public static class RungReasons
{
    /// <summary>Returns the reason as the first half of a sentence, with the value and the limit.</summary>
    public static string Describe(this RungReason reason, double value, double limit)
    {
        var c = CultureInfo.InvariantCulture;
        return reason switch
        {
            RungReason.Slack => string.Create(c, $"slack under 20 % of the period in {value:0} of the last 100 cycles, limit is {limit:0}"),
            RungReason.Queue => string.Create(c, $"input queue is {value:P0} full, limit is {limit:P0}"),
            RungReason.Trust => string.Create(c, $"trust is {value:0.00}, limit is {limit:0.00}"),
            RungReason.DeadlineMiss => string.Create(c, $"{value:0} deadlines missed in the last 10 cycles, limit is {limit:0}"),
            RungReason.SampleAge => string.Create(c, $"input is {value:0.#} ms old, limit is {limit:0.#} ms"),
            RungReason.StageFailure => string.Create(c, $"a stage failed in {value:0} of the last 10 cycles, limit is {limit:0}"),
            RungReason.NoPercept => string.Create(c, $"no fresh percept for {value:0.#} ms, limit is {limit:0.#} ms"),
            RungReason.Actuator => "the actuator refused the command or did not answer",
            RungReason.PeerLost => "a required peer is gone",
            RungReason.StopOnMiss => "a stage with on-miss Stop missed its budget; an operator must clear the stop",
            RungReason.Watchdog => "the watchdog found a stall; an operator must clear the stop",
            RungReason.Operator => "stopped by a person; an operator must clear the stop",
            RungReason.Outside => string.Create(c, $"a part outside the loop, such as the recorder, asks for rung {value:0}"),
            _ => reason.ToString(),
        };
    }
}
