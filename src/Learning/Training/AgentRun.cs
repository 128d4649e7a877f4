namespace EdgeAutonomy.Learning;

/// <summary>What a training of an agent gave.</summary>
/// <param name="Best">The actor that did best on validation; the later one of equals.</param>
/// <param name="BestStep">The step it is of.</param>
/// <param name="BestValidation">Its mean return there. A choice of the best of many, so higher than what it is worth: the test says that.</param>
/// <param name="BestTest">The test of the best actor.</param>
/// <param name="LastTest">The test of the actor after the last step.</param>
/// <param name="Log">All figures over the steps.</param>
public sealed record AgentRun(IActor Best, long BestStep, double BestValidation, AgentScore BestTest, AgentScore LastTest, LearningLog Log);
