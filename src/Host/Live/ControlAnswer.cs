namespace EdgeAutonomy.Host;

/// <summary>What became of a command.</summary>
/// <param name="Done">Whether it reached the loop.</param>
/// <param name="Message">One sentence.</param>
internal readonly record struct ControlAnswer(bool Done, string Message);
