namespace EdgeAutonomy.Runtime;

/// <summary>One row of the wake-up table.</summary>
/// <param name="Strategy">How the thread waited.</param>
/// <param name="Scheduler">How it was scheduled.</param>
/// <param name="LoadThreads">How many spinning threads ran beside it.</param>
/// <param name="Error">|wake-up − deadline|; outliers are never removed.</param>
/// <param name="SkippedDeadlines">Deadlines that passed unserved because the thread woke a whole period late or more.</param>
/// <param name="CpuShare">Share of one processor the waiting thread used, in [0, 1]; 0 where the system does not tell.</param>
public sealed record WakeFigures(string Strategy, RealTimeScheduler Scheduler, int LoadThreads, LatencySummary Error, long SkippedDeadlines, double CpuShare);
