using System.Reflection;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public class GuardChainTests
{
    private readonly CorridorMission _mission = new();
    private readonly VirtualTime _time = new();

    [Theory]
    [InlineData("{\"action\":\"go to room 1\"}", GuardStage.None, GuardReason.None)]
    [InlineData(" \n{ \"action\" : \"wait\" }\n", GuardStage.None, GuardReason.None)]
    [InlineData("{\"\\u0061ction\":\"w\\u0061it\"}", GuardStage.None, GuardReason.None)]
    [InlineData("", GuardStage.Shape, GuardReason.NotJson)]
    [InlineData("Sure! {\"action\":\"wait\"}", GuardStage.Shape, GuardReason.NotJson)]
    [InlineData("{\"action\":\"wait\"} Good luck!", GuardStage.Shape, GuardReason.NotJson)]
    [InlineData("{\"action\":\"wait\"}{\"action\":\"wait\"}", GuardStage.Shape, GuardReason.NotJson)]
    [InlineData("{\"action\":\"wait\",}", GuardStage.Shape, GuardReason.NotJson)]
    [InlineData("{\"action\":\"wait\"/**/}", GuardStage.Shape, GuardReason.NotJson)]
    [InlineData("{'action':'wait'}", GuardStage.Shape, GuardReason.NotJson)]
    [InlineData("{\"action\":\"\\ud800\"}", GuardStage.Shape, GuardReason.NotJson)]
    [InlineData("[{\"action\":\"wait\"}]", GuardStage.Shape, GuardReason.NotAnObject)]
    [InlineData("\"wait\"", GuardStage.Shape, GuardReason.NotAnObject)]
    [InlineData("{\"action\":\"wait\",\"why\":\"tired\"}", GuardStage.Shape, GuardReason.UnknownKey)]
    [InlineData("{\"Action\":\"wait\"}", GuardStage.Shape, GuardReason.UnknownKey)]
    [InlineData("{\"action\":\"wait\",\"action\":\"report\"}", GuardStage.Shape, GuardReason.DuplicateKey)]
    [InlineData("{}", GuardStage.Shape, GuardReason.NoAction)]
    [InlineData("{\"action\":[\"wait\"]}", GuardStage.Shape, GuardReason.NoAction)]
    [InlineData("{\"action\":null}", GuardStage.Shape, GuardReason.NoAction)]
    [InlineData("{\"action\":\"fly to room 1\"}", GuardStage.Parse, GuardReason.UnknownCommand)]
    [InlineData("{\"action\":\"Wait\"}", GuardStage.Parse, GuardReason.UnknownCommand)]
    [InlineData("{\"action\":\"wait \"}", GuardStage.Parse, GuardReason.UnknownCommand)]
    [InlineData("{\"action\":\"go to room 99\"}", GuardStage.Parse, GuardReason.UnknownCommand)]
    [InlineData("{\"action\":\"go to room 4\"}", GuardStage.Preconditions, GuardReason.Precondition)]
    public void Check_OfAReply_NamesStageAndReason(string reply, GuardStage stage, GuardReason reason)
    {
        var verdict = Guard().Check(Reply(reply), Asked(), _mission);
        Assert.Equal((stage, reason, stage == GuardStage.None), (verdict.Stage, verdict.Reason, verdict.IsApproved));
        Assert.Equal(stage == GuardStage.None, verdict.Feedback.Length == 0);
    }

    [Fact]
    public void Check_OfALongOrCutOffReply_IsTooLong()
    {
        string padded = new string(' ', 4096 - 17) + "{\"action\":\"wait\"}";
        Assert.True(Guard().Check(Reply(padded), Asked(), _mission).IsApproved);
        Assert.Equal(GuardReason.TooLong, Guard().Check(Reply(padded + " "), Asked(), _mission).Reason);
        Assert.Equal(GuardReason.TooLong, Guard().Check(Reply("{\"action\":\"wait\"}") with { CutOff = true }, Asked(), _mission).Reason);
        byte[] latin1 = [.. "{\"action\":\""u8, 0xE9, .. "\"}"u8];
        Assert.Equal(GuardReason.NotJson, Guard().Check(Reply("") with { Utf8 = latin1 }, Asked(), _mission).Reason);
    }

    [Fact]
    public void Check_OfForgedParts_IsRefused()
    {
        var forged = new ActionCall("go to", ["room 5"], "wait");
        Assert.Equal(GuardReason.PartsDiffer, Guard().Check(forged, Asked(), _mission).Reason);
        Assert.Equal(GuardReason.PartsDiffer, Guard().Check(new ActionCall("wait", default, "wait"), Asked(), _mission).Reason);
        Assert.Equal(GuardReason.UnknownCommand, Guard().Check(new ActionCall("wait", [], null!), Asked(), _mission).Reason);
        Assert.True(Guard().Check(new ActionCall("wait", [], "wait"), Asked(), _mission).IsApproved);
    }

    [Fact]
    public void Check_AfterTheWorldMovedOn_IsStaleUnlessRecheckIsAllowed()
    {
        var asked = Asked();
        _mission.Disturb();
        Assert.Equal((GuardStage.Preconditions, GuardReason.Stale), Of(Guard().Check(_mission.Call("wait"), asked, _mission)));
        var tolerant = new GuardChain(new NoHazard(), _time, new GuardOptions { RecheckStale = true });
        Assert.True(tolerant.Check(_mission.Call("wait"), asked, _mission).IsApproved);
        Assert.Equal(GuardReason.Precondition, tolerant.Check(_mission.Call("go to room 3"), asked, _mission).Reason);
    }

    [Fact]
    public void Check_StagesRunInOrder_TheEarlierOneSpeaks()
    {
        // The command fails in every stage from the third on; only the first failure may be reported.
        int asked = 0;
        var guard = new GuardChain(new FixedEnvelope(_ => { asked++; return GuardReason.EmergencyStop; }), _time);
        Assert.Equal(GuardStage.Preconditions, guard.Check(_mission.Call("go to room 4"), Asked(), _mission).Stage);
        Assert.Equal(0, asked);
        Assert.Equal((GuardStage.Envelope, GuardReason.EmergencyStop), Of(guard.Check(_mission.Call("wait"), Asked(), _mission)));
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Check_WhenTheEnvelopeThrowsOrIsUnfilled_RefusesEverything()
    {
        var guard = new GuardChain(new FixedEnvelope(_ => throw new InvalidOperationException("sensor lost")), _time);
        Assert.Equal((GuardStage.Envelope, GuardReason.EnvelopeFault), Of(guard.Check(_mission.Call("wait"), Asked(), _mission)));
        Assert.False(default(SafetyFinding).IsSafe);
    }

    [Fact]
    public void Check_SameRefusedCommand_IsDiscussedTwiceOnly()
    {
        var guard = Guard();
        var call = _mission.Call("go to room 4");
        Assert.Equal(GuardReason.Precondition, guard.Check(call, Asked(), _mission).Reason);
        Assert.Equal(GuardReason.Precondition, guard.Check(call, Asked(), _mission).Reason);
        Assert.Equal((GuardStage.Repetition, GuardReason.RefusedAgain), Of(guard.Check(call, Asked(), _mission)));
        // Another state of the world is another question.
        _mission.Disturb();
        Assert.Equal(GuardReason.Precondition, guard.Check(call, Asked(), _mission).Reason);
    }

    [Fact]
    public void Check_SameCommandFromSameState_PassesThreeTimesInAMission()
    {
        var guard = Guard();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(guard.Check(_mission.Call("wait"), Asked(), _mission).IsApproved);
            _mission.Step("wait");
        }
        Assert.Equal((GuardStage.Repetition, GuardReason.Repeated), Of(guard.Check(_mission.Call("wait"), Asked(), _mission)));
        Assert.True(guard.Check(_mission.Call("go to room 1"), Asked(), _mission).IsApproved);
        guard.Begin();
        Assert.True(guard.Check(_mission.Call("wait"), Asked(), _mission).IsApproved);
    }

    [Fact]
    public void Check_FasterThanTheSpacing_IsTooSoon()
    {
        var guard = new GuardChain(new NoHazard(), _time, new GuardOptions { MinSpacing = TimeSpan.FromSeconds(1) });
        Assert.True(guard.Check(_mission.Call("wait"), Asked(), _mission).IsApproved);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal((GuardStage.Repetition, GuardReason.TooSoon), Of(guard.Check(_mission.Call("report"), Asked(), _mission)));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(guard.Check(_mission.Call("report"), Asked(), _mission).IsApproved);
    }

    [Fact]
    public void Approval_IsForOneMissionOneVersionAndOneUse()
    {
        var approved = Guard().Check(_mission.Call("wait"), Asked(), _mission).Approved!;
        Assert.False(approved.TryTake(new CorridorMission(), out _));
        Assert.True(approved.TryTake(_mission, out var call));
        Assert.Equal("wait", call.Text);
        Assert.False(approved.TryTake(_mission, out _));
        var second = Guard().Check(_mission.Call("wait"), Asked(), _mission).Approved!;
        _mission.Disturb();
        Assert.False(second.TryTake(_mission, out _));
        var third = Guard().Check(_mission.Call("wait"), Asked(), _mission).Approved!;
        third.Withdraw();
        Assert.False(third.TryTake(_mission, out _));
    }

    /// <summary>What "compile-time" means here: nobody but the checking method can name the constructor, and nobody can derive a type with another one.</summary>
    [Fact]
    public void Approval_HasNoConstructorThatAnybodyElseCanCall()
    {
        Assert.True(typeof(ApprovedCall).IsSealed);
        Assert.All(typeof(ApprovedCall).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), c => Assert.True(c.IsPrivate));
        Assert.Empty(typeof(ApprovedCall).GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic));
        var body = typeof(IMissionBody).GetMethods().SelectMany(m => m.GetParameters()).Select(p => p.ParameterType);
        Assert.DoesNotContain(typeof(ActionCall), body);
    }

    [Fact]
    public void Check_OfArbitraryBytes_NeverThrowsAndApprovesOnlyWhatIsOnOffer()
    {
        var random = new RandomStream(7);
        var guard = Guard();
        int approved = 0;
        for (int i = 0; i < 5000; i++)
        {
            guard.Begin();
            var verdict = guard.Check(Reply("") with { Utf8 = ReplyForge.Bytes(random, _mission) }, Asked(), _mission);
            if (!verdict.IsApproved) Assert.NotEqual(GuardStage.None, verdict.Stage);
            else Assert.True(_mission.IsExecutable(verdict.Approved!.Call.Text));
            approved += verdict.IsApproved ? 1 : 0;
        }
        // The control: the generator also makes good replies, else the test would say nothing.
        Assert.InRange(approved, 100, 4500);
    }

    [Theory]
    [InlineData(15, 2, 3)]
    [InlineData(4096, 0, 3)]
    [InlineData(4096, 2, 0)]
    public void Options_OutOfRange_AreRefused(int bytes, int refusals, int repeats) =>
        Assert.Throws<ArgumentException>(() => new GuardChain(new NoHazard(), _time, new GuardOptions { MaxReplyBytes = bytes, MaxRefusals = refusals, MaxRepeats = repeats }));

    private static (GuardStage, GuardReason) Of(GuardVerdict verdict) => (verdict.Stage, verdict.Reason);

    private static TextReply Reply(string text) => new(Encoding.UTF8.GetBytes(text), false, "prompt", "hash", "model", 1);

    private GuardChain Guard() => new(new NoHazard(), _time);

    private AgentContext Asked() => Contexts.Of(_mission);
}
