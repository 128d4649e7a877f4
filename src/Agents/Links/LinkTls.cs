namespace EdgeAutonomy.Agents;

/// <summary>The files of an encrypted link.</summary>
/// <param name="CaFile">Certificates of those who may sign the broker's, PEM.</param>
/// <param name="CertificateFile">Own certificate, PEM; its common name is the robot's name at the broker. Null = none.</param>
/// <param name="KeyFile">Its key, PEM, readable by the service only. Null = none.</param>
public sealed record LinkTls(string CaFile, string? CertificateFile = null, string? KeyFile = null);
