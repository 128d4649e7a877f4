using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAutonomy.Agents;

/// <summary>Keeps the records of gates, and lets a policy up one stage at a time.</summary>
/// <remarks>
/// Down is automatic and needs nothing (<see cref="BundleStore.Rollback"/>); up needs the newest record of every gate below to be a pass, and from the
/// canary on an operator's approval. Records are durable, a JSON line each; a line that cannot be read counts as a failed gate. Thread-safe.
/// </remarks>
public sealed class GateLedger
{
    private readonly BundleStore _store;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    /// <summary>Makes a ledger.</summary>
    /// <param name="store">The store whose policies it is about.</param>
    /// <param name="time">The calendar.</param>
    public GateLedger(BundleStore store, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        (_store, _time) = (store, time);
    }

    /// <summary>Runs a gate's evaluator and records the result. An evaluator that throws is a failed gate.</summary>
    /// <param name="bundle">The policy.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="evaluate">Measures and judges; see <see cref="GateRules"/>.</param>
    public GateRecord Run(string bundle, Gate gate, Func<GateResult> evaluate)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        GateResult result;
        try
        {
            result = evaluate();
        }
        catch (Exception e)
        {
            result = new GateResult(false, $"the evaluation failed: {e.GetType().Name}: {e.Message}");
        }
        lock (_gate)
        {
            var record = new GateRecord(bundle, gate, StageOf(bundle), result.Passed, UntrustedText.Clean(result.Evidence, 500), _time.GetUtcNow()) { Lowered = result.Lowered };
            var line = new JsonObject { ["gate"] = gate.ToString(), ["stage"] = record.Stage.ToString(), ["passed"] = record.Passed, ["evidence"] = record.Evidence, ["at"] = Text(record.At) };
            if (record.Lowered) line["lowered"] = true;
            Append(record.Bundle, line);
            return record;
        }
    }

    /// <summary>Runs G0: loads the policy with all checks.</summary>
    /// <param name="bundle">The policy.</param>
    public GateRecord RunIntegrity(string bundle) => Run(bundle, Gate.Integrity, () => new GateResult(true, $"loaded {_store.Load(bundle).Manifest.Files.Length} files"));

    /// <summary>Returns all records of a policy, oldest first.</summary>
    /// <param name="bundle">The policy.</param>
    public IReadOnlyList<GateRecord> Records(string bundle)
    {
        lock (_gate) return [.. Lines(bundle).Where(l => !l.ContainsKey("entered")).Select(l => Record(bundle, l))];
    }

    /// <summary>Returns how far a policy may be used.</summary>
    /// <param name="bundle">The policy.</param>
    public RolloutStage StageOf(string bundle)
    {
        lock (_gate)
        {
            if (_store.IsDenied(bundle)) return RolloutStage.Installed;
            var last = Lines(bundle).LastOrDefault(l => l.ContainsKey("entered"));
            return last is not null && Enum.TryParse<RolloutStage>(Word(last, "entered"), out var stage) && Enum.IsDefined(stage) ? stage : RolloutStage.Installed;
        }
    }

    /// <summary>Lets a policy decide beside the incumbent, once G0 to G3 are passed.</summary>
    /// <param name="bundle">The policy.</param>
    /// <exception cref="InvalidOperationException">A gate is not passed.</exception>
    public void EnterShadow(string bundle)
    {
        lock (_gate)
        {
            if (StageOf(bundle) != RolloutStage.Installed) throw new InvalidOperationException($"Policy {bundle} is in {StageOf(bundle)} already.");
            var records = Records(bundle);
            foreach (var gate in Needed(RolloutStage.Installed))
            {
                if (records.LastOrDefault(r => r.Gate == gate) is not { Passed: true }) throw new InvalidOperationException($"Policy {bundle} may not enter {RolloutStage.Shadow}: gate {gate} is not passed.");
            }
            _store.SetCandidate(bundle);
            Enter(bundle, RolloutStage.Shadow, "");
        }
    }

    /// <summary>Lets a policy into the next stage in which it acts, and makes it this robot's current one.</summary>
    /// <param name="bundle">The policy.</param>
    /// <param name="approval">The operator's approval of that stage.</param>
    /// <returns>The stage it is in now.</returns>
    /// <exception cref="InvalidOperationException">A gate is not passed, or there is no approval.</exception>
    public RolloutStage Advance(string bundle, OperatorApproval? approval)
    {
        lock (_gate)
        {
            var from = StageOf(bundle);
            if (from == RolloutStage.Installed) throw new InvalidOperationException($"Policy {bundle} has not run in shadow.");
            var pass = PromotionPass.Issue(Records(bundle), bundle, from, approval);
            _store.Promote(pass);
            Enter(bundle, pass.Stage, pass.ApprovedBy);
            return pass.Stage;
        }
    }

    internal static Gate[] Needed(RolloutStage from) => from switch
    {
        RolloutStage.Installed => [Gate.Integrity, Gate.Replay, Gate.Simulation, Gate.Forgetting],
        RolloutStage.Shadow => [Gate.Integrity, Gate.Replay, Gate.Simulation, Gate.Forgetting, Gate.Shadow],
        RolloutStage.Canary => [Gate.Integrity, Gate.Replay, Gate.Simulation, Gate.Forgetting, Gate.Shadow, Gate.Canary],
        _ => [Gate.Integrity, Gate.Replay, Gate.Simulation, Gate.Forgetting, Gate.Shadow, Gate.Canary, Gate.Fleet],
    };

    private void Enter(string bundle, RolloutStage stage, string approvedBy) =>
        Append(bundle, new JsonObject { ["entered"] = stage.ToString(), ["approvedBy"] = UntrustedText.Clean(approvedBy, 80), ["at"] = Text(_time.GetUtcNow()) });

    private void Append(string bundle, JsonObject line)
    {
        string path = Path(bundle), old = File.Exists(path) ? File.ReadAllText(path) : "";
        // Rewritten whole: a line cut in half by a power cut cannot come into being.
        _store.Files.Write(path, Encoding.UTF8.GetBytes(old + line.ToJsonString() + "\n"));
    }

    private List<JsonObject> Lines(string bundle)
    {
        string path = Path(bundle);
        return File.Exists(path) ? [.. File.ReadLines(path).Where(l => l.Length > 0).Select(Parse)] : [];
    }

    private static JsonObject Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static GateRecord Record(string bundle, JsonObject line)
    {
        bool known = Enum.TryParse<Gate>(Word(line, "gate"), out var gate) & Enum.TryParse<RolloutStage>(Word(line, "stage"), out var stage) & DateTimeOffset.TryParse(Word(line, "at"), CultureInfo.InvariantCulture, out var at);
        bool passed = known && line["passed"] is JsonValue v && v.GetValueKind() == JsonValueKind.True;
        return new GateRecord(bundle, gate, stage, passed, Word(line, "evidence"), at) { Lowered = line.ContainsKey("lowered") };
    }

    private static string Word(JsonObject line, string name) => line[name] is JsonValue v && v.TryGetValue(out string? text) ? text : "";

    private static string Text(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);

    private string Path(string bundle) => BundlePath.IsId(bundle) ? _store.GateFile(bundle) : throw new ArgumentException($"'{UntrustedText.Clean(bundle, 80)}' is no bundle id.", nameof(bundle));
}
