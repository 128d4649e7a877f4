using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Agents;

/// <summary>How a velocity came about.</summary>
public enum OrcaOutcome : byte
{
    /// <summary>Nobody is in the way: the preferred velocity, as far as speed and wheels allow.</summary>
    Free,

    /// <summary>Another velocity, which is free of collisions for the whole horizon if all keep to the rule.</summary>
    Avoiding,

    /// <summary>No velocity is: the one that breaks the worst of the rules about other robots least. Walls and frozen discs hold.</summary>
    Squeezed,

    /// <summary>Rest: not even walls leave another velocity, or the robot's own state is no number.</summary>
    Blocked,
}

/// <summary>The velocity chosen.</summary>
/// <param name="Velocity">In the map frame, m/s; never beyond the greatest speed.</param>
/// <param name="Twist">The command for the wheels; for a robot without wheels the speed along <paramref name="Velocity"/> and no turn.</param>
/// <param name="Outcome">How it came about.</param>
/// <param name="Violation">By how much the worst rule about another robot is broken, m/s; 0 unless squeezed.</param>
/// <param name="TrackingError">How far wheels can stray from <paramref name="Velocity"/> held for ever, metres.</param>
/// <param name="IsCapped">Whether the speed was capped near a robot of which nothing was heard for long.</param>
/// <param name="Ignored">How many neighbours and walls were not numbers and were left out; their sender is faulty.</param>
public readonly record struct OrcaDecision(Vector2D Velocity, Twist2 Twist, OrcaOutcome Outcome, double Violation, double TrackingError, bool IsCapped, int Ignored);
