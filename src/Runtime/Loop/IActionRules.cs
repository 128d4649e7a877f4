namespace EdgeAutonomy.Runtime;

/// <summary>What the guard must know about an action type.</summary>
/// <typeparam name="TAction">The action.</typeparam>
public interface IActionRules<TAction>
{
    /// <summary>Gets the action that is always safe to send.</summary>
    TAction Safe { get; }

    /// <summary>Tells whether every number in the action is finite.</summary>
    bool IsFinite(in TAction action);

    /// <summary>Brings an action inside the limits of range and rate of change.</summary>
    /// <param name="previous">The action sent last.</param>
    /// <param name="action">The action to limit, in place.</param>
    /// <param name="dt">Time since the action sent last.</param>
    /// <param name="rung">The rung in force; from <see cref="Rung.Degraded"/> on a lower cap applies.</param>
    /// <returns>True when the action was changed.</returns>
    bool Limit(in TAction previous, ref TAction action, Duration dt, Rung rung);

    /// <summary>Moves a held action towards rest.</summary>
    /// <param name="held">The action sent last, changed in place.</param>
    /// <param name="dt">Time since then.</param>
    void Decay(ref TAction held, Duration dt);

    /// <summary>Returns how hard the actuator works for an action, in [0, 1]; the energy model uses it.</summary>
    float Effort(in TAction action);
}
