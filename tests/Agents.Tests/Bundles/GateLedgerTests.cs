namespace EdgeAutonomy.Agents.Tests;

public sealed class GateLedgerTests : IDisposable
{
    private static readonly GateResult _pass = new(true, "fine"), _fail = new(false, "bad");

    private readonly BundleWorkshop _shop = new();
    private readonly VirtualTime _time = new();
    private readonly BundleStore _store;
    private readonly GateLedger _ledger;
    private readonly string _id;

    public GateLedgerTests()
    {
        _store = new BundleStore(_shop.StoreRoot, _shop.Loader);
        _ledger = new GateLedger(_store, _time);
        _id = _store.Install(_shop.Make());
    }

    public void Dispose()
    {
        _store.Dispose();
        _shop.Dispose();
    }

    [Fact]
    public void Advance_StepByStep_NeedsEveryGateAndApproval()
    {
        Assert.Throws<InvalidOperationException>(() => _ledger.EnterShadow(_id));
        Assert.Throws<InvalidOperationException>(() => _ledger.Advance(_id, Approval(RolloutStage.Canary)));
        PassOffline();
        _ledger.EnterShadow(_id);
        Assert.Equal((_id, null, RolloutStage.Shadow), (_store.Named("candidate"), _store.Named("current"), _ledger.StageOf(_id)));
        Assert.Throws<InvalidOperationException>(() => _ledger.Advance(_id, Approval(RolloutStage.Canary)));
        _ledger.Run(_id, Gate.Shadow, () => _pass);
        Assert.Throws<InvalidOperationException>(() => _ledger.Advance(_id, null));
        Assert.Throws<InvalidOperationException>(() => _ledger.Advance(_id, Approval(RolloutStage.All)));
        Assert.Throws<InvalidOperationException>(() => _ledger.Advance(_id, Approval(RolloutStage.Canary) with { Bundle = BundleWorkshop.Hash("x") }));
        Assert.Throws<InvalidOperationException>(() => _ledger.Advance(_id, Approval(RolloutStage.Canary) with { Operator = "" }));
        Assert.Null(_store.Named("current"));
        Assert.Equal(RolloutStage.Canary, _ledger.Advance(_id, Approval(RolloutStage.Canary)));
        Assert.Equal(_id, _store.Named("current"));
        _ledger.Run(_id, Gate.Canary, () => _pass);
        Assert.Equal(RolloutStage.Tenth, _ledger.Advance(_id, Approval(RolloutStage.Tenth)));
        foreach (var stage in (RolloutStage[])[RolloutStage.Half, RolloutStage.All])
        {
            // A pass from the stage before does not count for this one.
            Assert.Throws<InvalidOperationException>(() => _ledger.Advance(_id, Approval(stage)));
            _ledger.Run(_id, Gate.Fleet, () => _pass);
            Assert.Equal(stage, _ledger.Advance(_id, Approval(stage)));
        }
        Assert.Throws<InvalidOperationException>(() => _ledger.Advance(_id, Approval(RolloutStage.All)));
    }

    [Fact]
    public void Advance_OnLoweredPasses_NeedsTheOperatorsExplicitWord()
    {
        PassOffline();
        _ledger.EnterShadow(_id);
        var lowered = GateRules.Canary(new CanaryFigures(3, []), new GateBounds { CanaryMissions = 3 });
        Assert.True(lowered.Passed && lowered.Lowered);
        Assert.False(GateRules.Canary(new CanaryFigures(60, []), new GateBounds { CanaryMissions = 60 }).Lowered);
        _ledger.Run(_id, Gate.Shadow, () => lowered);
        var again = new GateLedger(_store, _time);
        Assert.True(again.Records(_id)[^1].Lowered);
        Assert.Contains("lowered bounds", Assert.Throws<InvalidOperationException>(() => again.Advance(_id, Approval(RolloutStage.Canary))).Message, StringComparison.Ordinal);
        Assert.Null(_store.Named("current"));
        Assert.Equal(RolloutStage.Canary, again.Advance(_id, Approval(RolloutStage.Canary) with { AcceptsLowered = true }));
        Assert.Equal(_id, _store.Named("current"));
    }

    [Fact]
    public void Run_LaterFailure_TakesThePassBack()
    {
        PassOffline();
        _ledger.Run(_id, Gate.Replay, () => _fail);
        Assert.Throws<InvalidOperationException>(() => _ledger.EnterShadow(_id));
        _ledger.Run(_id, Gate.Replay, () => _pass);
        _ledger.EnterShadow(_id);
    }

    [Fact]
    public void Run_EvaluatorThatThrows_IsAFailedGate()
    {
        var record = _ledger.Run(_id, Gate.Replay, () => throw new InvalidDataException("log\nbroken"));
        Assert.Equal((false, "the evaluation failed: InvalidDataException: log broken"), (record.Passed, record.Evidence));
        Assert.False(_ledger.RunIntegrity(BundleWorkshop.Hash("absent")).Passed);
    }

    [Fact]
    public void Records_SurviveARestart_AndADamagedLineIsAFailure()
    {
        PassOffline();
        var again = new GateLedger(_store, _time);
        Assert.Equal(_ledger.Records(_id), again.Records(_id));
        File.AppendAllText(Path.Combine(_shop.StoreRoot, "gates", _id), "{\"gate\":\"Integrity\",\"passed\":tr");
        Assert.Throws<InvalidOperationException>(() => again.EnterShadow(_id));
    }

    [Fact]
    public void StageOf_AfterARollback_IsTheBeginning()
    {
        PassOffline();
        _ledger.EnterShadow(_id);
        _store.Rollback(_id, "loitering");
        Assert.Equal(RolloutStage.Installed, _ledger.StageOf(_id));
        Assert.Throws<BundleException>(() => _ledger.EnterShadow(_id));
        Assert.False(_ledger.RunIntegrity(_id).Passed);
    }

    private void PassOffline()
    {
        Assert.True(_ledger.RunIntegrity(_id).Passed);
        foreach (var gate in (Gate[])[Gate.Replay, Gate.Simulation, Gate.Forgetting]) _ledger.Run(_id, gate, () => _pass);
    }

    private OperatorApproval Approval(RolloutStage stage) => new("Ada", _id, stage, _time.GetUtcNow());
}
