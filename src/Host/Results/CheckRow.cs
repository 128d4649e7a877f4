namespace EdgeAutonomy.Host;

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="Where">What was looked at.</param>
/// <param name="Status">ok, warning or error.</param>
/// <param name="Message">How it stands.</param>
internal sealed record CheckRow(string Where, DiagnosisLevel Status, string Message);
