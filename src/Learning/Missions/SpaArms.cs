namespace EdgeAutonomy.Learning;

/// <summary>The arms of the table (notes H.1), fixed before anything was run.</summary>
/// <remarks>None is tuned; all start from the same cloned policy and have the same episodes. No ordering is promised: in the only pilot the paper's attribution beat the terminal reward in no cell (notes H.4).</remarks>
public static class SpaArms
{
    private const CandidateSet On = CandidateSet.Executable, Off = CandidateSet.Plausible;
    private const string Baseline = "terminal, mask", Unmasked = "terminal";

    /// <summary>Gets the arms of the main table.</summary>
    public static IReadOnlyList<SpaArm> Main { get; } =
    [
        new("cloning", Off, null),
        new("cloning, mask", On, null),
        new(Unmasked, Off, Terminal),
        new(Baseline, On, Terminal),
        new("uniform, mask", On, _ => new UniformAttributor()) { Against = Baseline },
        new("RUDDER, mask", On, Rudder) { Fits = true, Against = Baseline },
        new("RRD, mask", On, s => new RrdAttributor(s.Shape, new RrdOptions(), s.Seed)) { Fits = true, Against = Baseline },
        new("SPA, paper's bonus", Off, s => new SpaAttributor(s.Shape, SpaOptions.Paper, s.Seed)) { Fits = true, Against = Unmasked },
        new("SPA", Off, Spa) { Fits = true, Against = Unmasked },
        new("SPA, mask", On, Spa) { Fits = true, Against = Baseline },
        new("SPA + residual, mask", On, Residual) { Fits = true, Against = Baseline },
        new("potential, mask", On, Potential) { Fits = true, Against = Baseline },
        new("terminal - bounded penalty", Off, Penalised) { Against = Unmasked },
        new("terminal, mask, no critic", On, Terminal) { HasCritic = false },
        new("SPA, mask, no critic", On, Spa) { HasCritic = false, Fits = true, Against = "terminal, mask, no critic" },
    ];

    /// <summary>Gets the regimes in which step attribution has a better chance: learning from fixed episodes, and pre-rollouts that cost nothing. That of the potential is in the main table.</summary>
    public static IReadOnlyList<SpaArm> Regimes { get; } =
    [
        new("offline terminal, mask", On, Terminal) { Offline = true },
        new("offline SPA, mask", On, Spa) { Offline = true, Fits = true, Against = "offline terminal, mask" },
        new("offline SPA + residual, mask", On, Residual) { Offline = true, Fits = true, Against = "offline terminal, mask" },
        new("offline potential, mask", On, Potential) { Offline = true, Fits = true, Against = "offline terminal, mask" },
        new("SPA + residual, mask, pre-rollouts free", On, Residual) { Fits = true, Charged = false, Against = Baseline },
        new("RUDDER, mask, pre-rollouts free", On, Rudder) { Fits = true, Charged = false, Against = Baseline },
        new("potential, mask, pre-rollouts free", On, Potential) { Fits = true, Charged = false, Against = Baseline },
    ];

    /// <summary>Gets the arms for long missions in which much is hidden: attribution with a memory, a critic without.</summary>
    public static IReadOnlyList<SpaArm> Hidden { get; } =
    [
        new("long terminal, mask", On, Terminal) { OnHidden = true, CriticSeesMemory = false },
        new("long RUDDER, mask", On, Rudder) { OnHidden = true, CriticSeesMemory = false, Fits = true, Against = "long terminal, mask" },
        new("long SPA + residual with memory, mask", On, s => new SpaAttributor(s.Shape, new SpaOptions { Input = AttributorInput.Encoding, Residual = true }, s.Seed, s.Encoding)) { OnHidden = true, CriticSeesMemory = false, Encodings = true, Fits = true, Against = "long terminal, mask" },
        new("long potential with memory, mask", On, s => new PotentialAttributor(new SpaAttributor(s.Shape, new SpaOptions { Input = AttributorInput.Encoding }, s.Seed, s.Encoding), s.Discount)) { OnHidden = true, CriticSeesMemory = false, Encodings = true, Fits = true, Against = "long terminal, mask" },
    ];

    private static TerminalAttributor Terminal(SpaArmStart s) => new TerminalAttributor();

    private static SpaAttributor Spa(SpaArmStart s) => new SpaAttributor(s.Shape, new SpaOptions(), s.Seed);

    private static SpaAttributor Residual(SpaArmStart s) => new SpaAttributor(s.Shape, new SpaOptions { Residual = true }, s.Seed);

    private static RudderAttributor Rudder(SpaArmStart s) => new RudderAttributor(s.Shape, new RudderOptions(), s.Seed);

    private static PotentialAttributor Potential(SpaArmStart s) => new PotentialAttributor(new SpaAttributor(s.Shape, new SpaOptions(), s.Seed), s.Discount);

    // As large as both bounds allow for the policy it starts from (notes D.2).
    private static PenalisedAttributor Penalised(SpaArmStart s)
    {
        var penalty = new GroundingPenalty { Beta = 0, Limit = s.Limit, Success = s.Success, Ungrounded = s.Ungrounded };
        return new PenalisedAttributor(new TerminalAttributor(), penalty with { Beta = penalty.Bound });
    }
}
