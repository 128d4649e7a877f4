using EdgeAutonomy.Policies;

namespace EdgeAutonomy.Learning;

/// <summary>The control tasks that are trained by name.</summary>
public static class ControlRecipes
{
    private const double PendulumGoal = -200;

    /// <summary>Gets the cart-pole's contract with a robot's code: states as in Gymnasium, two forces, one period of 20 ms.</summary>
    /// <remarks>Speeds have no bounds in Gymnasium; those here are never reached before the pole has fallen.</remarks>
    public static PolicySchema CartPoleSchema { get; } = new()
    {
        Robot = "cart-pole",
        Inputs = [new("cart_position_m", -4.8, 4.8), new("cart_speed_mps", -8, 8), new("pole_angle_rad", -0.42, 0.42), new("pole_speed_radps", -8, 8)],
        ActionNames = ["force_n"],
        Actions = [[-10], [10]],
        PeriodsUs = [20_000],
    };

    /// <summary>Gets PPO on the cart-pole with the preset of RL Baselines3 Zoo.</summary>
    public static ControlRecipe CartPolePpo { get; } = new()
    {
        Name = "cartpole-ppo", Summary = "Balances a pole on a cart: proximal policy optimisation, the preset of RL Baselines3 Zoo, 8 copies, 100 000 steps.",
        Environment = () => new CartPole(), Agent = seed => new Ppo(Copies(8), PpoOptions.CartPoleZoo, seed), Steps = 100_000, ValidateEvery = 4096, Goal = CartPole.SolvedReturn,
        Ending = PolicyFile.Ending, Export = actor => new PolicyModel("cartpole-ppo", CartPoleSchema, PolicyExport.Values((PolicyActor)actor, CartPoleSchema)),
    };

    /// <summary>Gets double DQN on the cart-pole with this project's preset.</summary>
    public static ControlRecipe CartPoleDqn { get; } = new()
    {
        Name = "cartpole-dqn", Summary = "Balances a pole on a cart: double deep Q-learning, this project's preset, one copy, 60 000 steps.",
        Environment = () => new CartPole(), Agent = seed => new DoubleDqn(Copies(1), new DoubleDqnOptions(), seed), Steps = 60_000, ValidateEvery = 2000, Goal = CartPole.SolvedReturn,
        Ending = PolicyFile.Ending, Export = actor => new PolicyModel("cartpole-dqn", CartPoleSchema, PolicyExport.Values((QNetwork)actor, CartPoleSchema)),
    };

    /// <summary>Gets SAC on the pendulum with the preset of RL Baselines3 Zoo.</summary>
    public static ControlRecipe PendulumSac { get; } = new()
    {
        Name = "pendulum-sac", Summary = "Swings a pendulum up with a weak motor: soft actor-critic, the preset of RL Baselines3 Zoo, one copy, 20 000 steps.",
        Environment = () => new Pendulum(), Agent = seed => new Sac(new VectorEnvironment(new Pendulum()), SacOptions.Pendulum, seed), Steps = 20_000, ValidateEvery = 2000, Goal = PendulumGoal,
        Ending = ".onnx", Export = actor => new ByteModel(".onnx", PolicyExport.Actions((SquashedActor)actor)),
    };

    private static VectorEnvironment Copies(int count)
    {
        var copies = new IEnvironment[count];
        for (int i = 0; i < count; i++) copies[i] = new CartPole();
        return new VectorEnvironment(copies);
    }
}
