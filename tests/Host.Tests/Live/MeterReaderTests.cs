using System.Diagnostics.Metrics;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host.Tests;

public class MeterReaderTests
{
    [Fact]
    public void Metrics_OfAnAgent_ReadAsPrometheusText()
    {
        using var agent = new AgentMetrics();
        using var reader = new MeterReader(agent.Meter);
        agent.CountDecision(DecisionSource.Policy, TimeSpan.FromMilliseconds(20));
        agent.CountDecision(DecisionSource.Policy, TimeSpan.FromMilliseconds(30));
        agent.CountDecision(DecisionSource.Planner, TimeSpan.FromMilliseconds(50));
        agent.CountMission(MissionOutcome.Succeeded);
        agent.ShowPolicy("a\"b", "");
        string text = PrometheusText.Write(reader.Metrics);
        Assert.Contains("edge_agent_decisions_total{source=\"Policy\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("edge_agent_decisions_total{source=\"Planner\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("edge_agent_mission_total{outcome=\"Succeeded\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE edge_agent_decision_latency_seconds summary\nedge_agent_decision_latency_seconds_sum 0.1\nedge_agent_decision_latency_seconds_count 3\n", text, StringComparison.Ordinal);
        Assert.Contains("edge_agent_policy_info{id=\"a\\\"b\",parent=\"\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_GaugeThatChangesItsLabels_ShowsOnlyTheNewOnes()
    {
        using var agent = new AgentMetrics();
        using var reader = new MeterReader(agent.Meter);
        agent.ShowPolicy("first", "");
        Assert.Contains("id=\"first\"", PrometheusText.Write(reader.Metrics), StringComparison.Ordinal);
        agent.ShowPolicy("second", "first");
        string text = PrometheusText.Write(reader.Metrics);
        Assert.Contains("{id=\"second\",parent=\"first\"} 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"first\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_AnotherMeterOfTheSameName_IsNotCounted()
    {
        using var mine = new AgentMetrics();
        using var other = new AgentMetrics();
        using var reader = new MeterReader(mine.Meter);
        other.CountMission(MissionOutcome.Failed);
        Assert.DoesNotContain("Failed", PrometheusText.Write(reader.Metrics), StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_CountedByManyThreads_LoseNothing()
    {
        using var meter = new Meter("test");
        var counter = meter.CreateCounter<long>("test.count");
        using var reader = new MeterReader(meter);
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 10_000; i++) counter.Add(1, new KeyValuePair<string, object?>("half", i % 2));
        });
        Assert.Equal([40_000, 40_000], reader.Metrics.Single().Read().Select(s => s.Value));
    }
}
