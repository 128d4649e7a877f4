using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>What an arm's attributor is made for.</summary>
/// <param name="Shape">The missions' shape.</param>
/// <param name="Discount">γ of the arm.</param>
/// <param name="Encoding">Width of the policy's encodings.</param>
/// <param name="Limit">H, the missions' step limit.</param>
/// <param name="Success">How often the start policy succeeds without a mask.</param>
/// <param name="Ungrounded">The share of its commands that cannot be carried out.</param>
/// <param name="Seed">The seed of the arm.</param>
public sealed record SpaArmStart(MissionShape Shape, double Discount, int Encoding, int Limit, double Success, double Ungrounded, ulong Seed);
