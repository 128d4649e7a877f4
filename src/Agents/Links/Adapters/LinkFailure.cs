namespace EdgeAutonomy.Agents;

/// <summary>Why a connection did not come up or was lost.</summary>
/// <param name="Reason">One sentence with the remedy.</param>
/// <param name="NeedsPerson">Whether trying again soon mends nothing: wrong credentials, wrong certificate, missing library.</param>
public sealed record LinkFailure(string Reason, bool NeedsPerson = false);
