using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Policies;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Rules that tie several keys together.</summary>
internal static class CrossChecks
{
    /// <summary>Adds a finding for each rule that is broken. A rule is left out when one of its keys is wrong by itself.</summary>
    public static void Run(EdgeOptions options, StageRegistry registry, List<Finding> findings)
    {
        var wrong = findings.Where(f => f.Severity == Severity.Error).Select(f => f.Where).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var checks = new Checks(options, registry, findings, wrong);
        checks.RealTime();
        checks.Live();
        checks.Recording();
        if (options.Agent is { Enabled: true } agent) checks.Agent(agent);
        if (options.Fleet is { Enabled: true } fleet) checks.Fleet(fleet);
        foreach (var (name, loop) in options.Loops) checks.Loop($"Loops:{name}", loop);
    }

    private sealed class Checks(EdgeOptions options, StageRegistry registry, List<Finding> findings, HashSet<string> wrong)
    {
        public void RealTime()
        {
            var rt = options.RealTime;
            for (int i = 0; i < rt.Affinity.Length; i++)
            {
                if (rt.Affinity[i] >= Environment.ProcessorCount)
                    Warn($"RealTime:Affinity:{i}", Text($"RealTime:Affinity:{i} is {rt.Affinity[i]}; this machine has the cores 0 to {Environment.ProcessorCount - 1}."), "Name a core of the board it will run on.");
            }
            if (rt.Scheduler == RealTimeScheduler.Fifo && !rt.LockMemory)
                Warn("RealTime:LockMemory", "RealTime:LockMemory is False while RealTime:Scheduler is Fifo; a page fault can still delay a cycle.", "Set RealTime:LockMemory to true.");
        }

        public void Live()
        {
            foreach (var (key, message, remedy) in options.Live?.ToOptions(options.Robot.Id).Problems() ?? [])
            {
                if (Sound(key)) Error(key, message, remedy);
            }
        }

        public void Recording()
        {
            if (Sound("Recording:OnFull") && options.Recording is { Enabled: true, OnFull: RecordFullPolicy.Hold } && options.Clock.Mode == ClockMode.Real)
                Error("Recording:OnFull", "Recording:OnFull is Hold; must be DropAndMark while Clock:Mode is Real.", "A loop on a robot must never wait for a disk; DropAndMark marks what is missing.");
        }

        public void Agent(AgentSection agent)
        {
            if (Sound("Agent:Loop")) AgentLoop(agent.Loop);
            if (options.Clock.Mode != ClockMode.Real)
                Error("Agent", $"Agent is set while Clock:Mode is {options.Clock.Mode}; must be Real.", "Simulated time runs ahead of an agent that thinks in real time; use `edge sim --missions` there.");
            if (Sound("Agent:Store", "Agent:Keys") && agent.Store.Length > 0 != agent.Keys.Length > 0)
                Error(agent.Store.Length > 0 ? "Agent:Keys" : "Agent:Store", $"{(agent.Store.Length > 0 ? "Agent:Keys" : "Agent:Store")} is missing; Agent:Store and Agent:Keys go together.", "Give the folder of the store and the file of the keys whose signatures count.");
            if (Sound("Agent:Policy") && agent.Policy != AgentSection.Planner) AgentPolicy(agent.Policy);
            if (agent.LanguageModel is { } model && !wrong.Any(w => w.StartsWith("Agent:LanguageModel", StringComparison.OrdinalIgnoreCase))) LanguageModel(model);
        }

        public void Fleet(FleetSection fleet)
        {
            const string loopKey = "Fleet:Loop", brokerKey = "Fleet:Broker", votersKey = "Fleet:Voters";
            if (Sound(loopKey) && (!options.Loops.TryGetValue(fleet.Loop, out var loop) || loop.Sense is not SimulatedRoverSense))
                Error(loopKey, $"{loopKey} is '{fleet.Loop}'; must be one of the loops whose sensor is a SimulatedRover: no other sensor takes goals yet.", "Name another loop.");
            if (options.Agent is { Enabled: true })
                Error("Fleet", "Fleet is set beside Agent; a robot gets its goals from one of them.", "Remove one. Missions as tasks of a fleet run in `edge demo --robots 3 --missions`.");
            if (options.Clock.Mode != ClockMode.Real) Error("Fleet", $"Fleet is set while Clock:Mode is {options.Clock.Mode}; must be Real.", "Leases run in real time; use `edge demo --robots N` there.");
            if (Sound(brokerKey) && (!Uri.TryCreate(fleet.Broker, UriKind.Absolute, out var broker) || broker.Scheme is not ("mqtt" or "mqtts") || broker.UserInfo.Length > 0))
                Error(brokerKey, $"{brokerKey} is '{fleet.Broker}'; must be mqtt://host:port or mqtts://host:port, without user and password.", "Give User and PasswordFile where the broker wants them.");
            else if (fleet.Broker.StartsWith("mqtts", StringComparison.Ordinal) && fleet.CaFile.Length == 0 && Sound("Fleet:CaFile"))
                Error("Fleet:CaFile", $"Fleet:CaFile is missing; it is needed with {fleet.Broker}.", "Name the certificates of those who may sign the broker's.");
            if (fleet.CertificateFile.Length > 0 != fleet.KeyFile.Length > 0 && Sound("Fleet:CertificateFile", "Fleet:KeyFile"))
                Error(fleet.KeyFile.Length > 0 ? "Fleet:CertificateFile" : "Fleet:KeyFile", "Fleet:CertificateFile and Fleet:KeyFile go together.", "Give both or none.");
            if (Sound(votersKey) && fleet.Voters.Length % 2 == 0)
                Error(votersKey, $"{votersKey} has {fleet.Voters.Length} names; must be an odd number.", "With an even number one more could be lost without the fleet being any safer.");
            try
            {
                if (Sound(votersKey, "Fleet:Site", "Robot:Id") && fleet.Voters.Length > 0)
                {
                    _ = new Roster((uint)fleet.Roster, fleet.Voters);
                    _ = new FleetTopics(fleet.Site, options.Robot.Id);
                }
            }
            catch (ArgumentException broken)
            {
                Error("Fleet", broken.Message, "Correct the name.");
            }
            if (fleet is { Admit: true, Readmit: true }) Error("Fleet:Readmit", "Fleet:Admit and Fleet:Readmit are both True; the one is for a robot that never voted, the other for one that did.", "Keep one of them.");
            if (fleet.Map.Length > 0 && Sound("Fleet:Map"))
            {
                try
                {
                    foreach (string finding in SiteMapFile.Read(fleet.Map).Check()) Warn("Fleet:Map", finding, "Correct the map, unless that is meant.");
                }
                catch (Exception broken) when (broken is InvalidDataException or IOException or UnauthorizedAccessException)
                {
                    Error("Fleet:Map", broken.Message, "Correct the map.");
                }
            }
            if (fleet.Admit) Warn("Fleet:Admit", "Fleet:Admit is True; a robot that has lost its disk would vote as if nothing had happened.", "Remove it after the first start.");
        }

        private void AgentLoop(string name)
        {
            const string key = "Agent:Loop";
            if (!options.Loops.TryGetValue(name, out var loop))
                Error(key, $"{key} is '{name}'; must be one of the loops: {string.Join(", ", options.Loops.Keys)}.", NearestName.Of(name, [.. options.Loops.Keys]) is { } near ? $"Did you mean '{near}'?" : "Name a loop.");
            else if (loop.Sense is not SimulatedRoverSense rover)
                Error(key, $"{key} is '{name}', whose Sense:Type is '{loop.Sense?.Type}'; must be SimulatedRover: no other sensor takes goals yet.", "Name another loop.");
            else if (rover.ScenarioFile.Length > 0 || rover.Scenario != "default")
                Error($"Loops:{name}:Sense:Scenario", $"Loops:{name}:Sense has a scenario of its own; the agent's loop drives in the room of its missions.", "Remove Scenario and ScenarioFile, or name another loop in Agent:Loop.");
        }

        private void AgentPolicy(string policy)
        {
            try
            {
                ModelFiles.ReadAgent(policy, MissionWorldContract.Shape, TimeProvider.System);
            }
            catch (EdgeException broken)
            {
                Error("Agent:Policy", $"Agent:Policy is '{policy}': {broken.Message}", "Name a mission policy, such as mission, train one with `edge train mission --out FILE`, or write planner.");
            }
        }

        private void LanguageModel(LanguageModelSection model)
        {
            try
            {
                new OpenAiChatClient(model.ToOptions(withKey: false)).Dispose();
            }
            catch (ArgumentException wrongValue)
            {
                Error("Agent:LanguageModel", $"Agent:LanguageModel: {wrongValue.Message}", "Correct the value.");
            }
        }

        public void Loop(string at, LoopSection loop)
        {
            if (Sound($"{at}:Period:MinMs", $"{at}:Period:MaxMs")) Grid(at, loop.Period);
            if (Sound($"{at}:Monitor:Thresholds")) Thresholds(at, loop.Monitor.Thresholds);
            if (Sound($"{at}:Period:MinMs")) Shortest(at, loop);
            if (loop.Sense is { } sense && Sound($"{at}:Period:MaxMs")) Longest(at, loop.Period, sense);
            if (loop.Act is UdpMotorAct motor && Sound($"{at}:Period:MaxMs", $"{at}:Act:CommandTimeoutMs") && motor.CommandTimeoutMs <= loop.Period.MaxMs)
                Error($"{at}:Act:CommandTimeoutMs", Text($"{at}:Act:CommandTimeoutMs is {motor.CommandTimeoutMs}; must be longer than the longest period, {loop.Period.MaxMs} ms."), "Raise it here and at the controller, or lower Period:MaxMs.");
            if (loop.Act is UdpMotorAct { Host: var host } && !UdpMotorAct.TryResolve(host, out _))
                Error($"{at}:Act:Host", $"{at}:Act:Host is '{host}'; must be an IP address or localhost.", "Name resolution would block the start of a robot without a network.");
            if (loop is { Act: SimulatedRoverAct, Sense: not null and not SimulatedRoverSense })
                Error($"{at}:Act:Type", $"{at}:Act:Type is 'SimulatedRover'; Sense:Type must be 'SimulatedRover' too.", "Use UdpMotor, or sense the simulated rover.");
            if (loop.Perceive is RoverPerceive perceive && Sound($"{at}:Perceive:Model", $"{at}:Perceive:Perception")) Model($"{at}:Perceive:Model", perceive);
            if (loop.Decide is JointDecide joint && Sound($"{at}:Decide:Policy", $"{at}:Period:MaxMs")) Policy($"{at}:Decide:Policy", joint, loop);
            if (loop.Period.Policy == PeriodPolicy.Learned && Sound($"{at}:Period:Pacer", $"{at}:Period:MaxMs")) Pacer($"{at}:Period:Pacer", loop.Period);
            Payloads(at, loop);
            for (int i = 0; i < loop.Faults.Length && Sound($"{at}:Faults"); i++)
                Warn($"{at}:Faults:{i}", $"{at}:Faults:{i} injects the fault {loop.Faults[i].Kind} into {loop.Faults[i].Stage} on purpose.", "Remove it on a robot that works.");
        }

        private void Model(string key, RoverPerceive perceive)
        {
            if (perceive.Perception != PerceptionKind.Spiking) return;
            try
            {
                ModelFiles.ReadMotion(perceive.Model);
            }
            catch (ModelFileException broken)
            {
                Error(key, $"{key} is '{perceive.Model}': {broken.Message}", "Name a motion kernel, such as motion, or train one with `edge train motion --out FILE`.");
            }
            catch (EdgeException missing)
            {
                Error(key, $"{key}: {missing.Message}", "Put the file there, or name another.");
            }
        }

        private void Policy(string key, JointDecide joint, LoopSection loop)
        {
            if (loop.Period.Policy != PeriodPolicy.Policy) Warn(key, $"{key}: the policy chooses periods, but Period:Policy is {loop.Period.Policy}, so they are not taken.", "Set Period:Policy to Policy.");
            Trained(key, joint.Policy, () => ModelFiles.ReadJoint(joint, LoopFactory.Grid(loop.Period)).Policy, "edge train rover --out FILE");
        }

        private void Pacer(string key, PeriodSection period) => Trained(key, period.Pacer, () => ModelFiles.ReadPolicy(period.Pacer, LearnedPacer.SchemaFor(LoopFactory.Grid(period))), "edge train pacer --out FILE");

        private void Trained(string key, string file, Func<LearnedPolicy> read, string command)
        {
            try
            {
                read().Dispose();
            }
            catch (EdgeException wrong)
            {
                Error(key, $"{key} is '{file}': {wrong.Message}", $"Name one that was trained for this robot and these periods, or train one with `{command}`.");
            }
        }

        private void Grid(string at, PeriodSection period)
        {
            string key = $"{at}:Period:MaxMs";
            double steps = Math.Log2(period.MaxMs / period.MinMs);
            if (period.MaxMs < period.MinMs)
                Error(key, Text($"{key} is {period.MaxMs}; must not be shorter than MinMs, which is {period.MinMs}."), "Swap them, or make them equal for a fixed period.");
            else if (steps != Math.Floor(steps) || steps > 15)
                Error(key, Text($"{key} is {period.MaxMs}; must be MinMs ({period.MinMs}) times 1, 2, 4 … 32768."), Text($"Use {period.MinMs * Math.Pow(2, Math.Clamp(Math.Floor(steps), 0, 15))}."));
        }

        private void Thresholds(string at, double[] t)
        {
            string key = $"{at}:Monitor:Thresholds";
            if (!(t[0] > t[1] && t[1] > t[2]))
                Error(key, Text($"{key} is [{t[0]}, {t[1]}, {t[2]}]; must fall from left to right."), "Order: strained, degraded, stopped, such as [0.8, 0.5, 0.2].");
        }

        private void Shortest(string at, LoopSection loop)
        {
            double shortestUs = loop.Period.MinMs * 1000;
            double budgets = 0;
            foreach (var stage in new StageSection?[] { loop.Sense, loop.Perceive, loop.Decide, loop.Act }) budgets += stage?.BudgetUs ?? 0;
            if (budgets >= shortestUs)
                Error(at, Text($"{at}: the budgets of its stages sum to {budgets} us; must be less than the shortest period, {shortestUs} us."), "Lower a BudgetUs or raise Period:MinMs.");
            if (Sound("Clock:SpinAheadUs") && options.Clock.Mode == ClockMode.Real && options.Clock.SpinAheadUs >= shortestUs / 2)
                Error("Clock:SpinAheadUs", Text($"Clock:SpinAheadUs is {options.Clock.SpinAheadUs}; must be less than half the shortest period of {at}, {shortestUs / 2} us."), "Lower it, or raise Period:MinMs.");
        }

        private void Longest(string at, PeriodSection period, SenseSection sense)
        {
            Covers($"{at}:Sense:MaxAgeMs", sense.MaxAgeMs);
            Covers($"{at}:Sense:MaxUnseenMs", sense.MaxUnseenMs);

            void Covers(string key, double value)
            {
                if (Sound(key) && value < period.MaxMs)
                    Error(key, Text($"{key} is {value}; must not be less than the longest period, {period.MaxMs} ms."), "Raise it, or lower Period:MaxMs.");
            }
        }

        private void Payloads(string at, LoopSection loop)
        {
            Fit("Sense", loop.Sense, StageRole.Sense, "Perceive", loop.Perceive, StageRole.Perceive);
            Fit("Perceive", loop.Perceive, StageRole.Perceive, "Decide", loop.Decide, StageRole.Decide);
            Fit("Decide", loop.Decide, StageRole.Decide, "Act", loop.Act, StageRole.Act);

            void Fit(string first, StageSection? a, StageRole roleA, string second, StageSection? b, StageRole roleB)
            {
                if (a is null || b is null || registry.Find(roleA, a.Type) is not { } giver || registry.Find(roleB, b.Type) is not { } taker || giver.Writes == taker.Reads) return;
                string fitting = string.Join(", ", registry.Of(roleB).Where(k => k.Reads == giver.Writes).Select(k => k.Name));
                Error(
                    $"{at}:{second}:Type",
                    $"{at}:{second}:Type is '{taker.Name}', which takes {taker.Reads?.Name}; {first} '{giver.Name}' gives {giver.Writes?.Name}.",
                    fitting.Length == 0 ? $"Choose another {first}." : $"Use {fitting}, or choose another {first}.");
            }
        }

        private bool Sound(params string[] keys) => !keys.Any(k => wrong.Contains(k) || wrong.Any(w => w.StartsWith(k + ":", StringComparison.OrdinalIgnoreCase)));

        private void Error(string where, string message, string remedy) => findings.Add(new Finding(where, Severity.Error, message, remedy));

        private void Warn(string where, string message, string remedy) => findings.Add(new Finding(where, Severity.Warning, message, remedy));

        private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
