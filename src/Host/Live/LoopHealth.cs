namespace EdgeAutonomy.Host;

/// <summary>The health of one loop.</summary>
/// <param name="Loop">Its name.</param>
/// <param name="Advances">Whether it finished a cycle lately.</param>
/// <param name="Rung">Its rung.</param>
/// <param name="Cycles">Cycles finished.</param>
/// <param name="IdleSeconds">Time since a finished cycle was last noticed.</param>
internal sealed record LoopHealth(string Loop, bool Advances, string Rung, long Cycles, double IdleSeconds);
