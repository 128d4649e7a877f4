namespace EdgeAutonomy.Agents;

/// <summary>A subscription to make or to end.</summary>
/// <param name="Cell">Which cell; its filter is <c>cell/&lt;levels&gt;/+</c>.</param>
/// <param name="Subscribe">True to make it, false to end it.</param>
public readonly record struct InterestChange(InterestCell Cell, bool Subscribe);
