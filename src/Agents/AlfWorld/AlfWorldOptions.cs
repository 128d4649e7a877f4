namespace EdgeAutonomy.Agents;

/// <summary>How ALFWorld games are played.</summary>
/// <param name="Limit">Steps after which a game is lost; positive. The literature uses 50, SPA's configuration 40.</param>
/// <param name="AllowNoOpGoto">
/// Whether going to the present location is allowed. False as in ALFWorld, whose planner drops operators without effect: a second receptacle
/// at the same location cannot be gone to, only opened, examined or reached into.
/// </param>
public sealed record AlfWorldOptions(int Limit = 50, bool AllowNoOpGoto = false);
