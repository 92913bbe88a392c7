// Command client uses the client that oapi-codegen generates from openapi.json.
package main

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"os"

	"example.org/client/zielstand"
)

func main() {
	log.SetFlags(0)
	client, err := zielstand.NewClientWithResponses(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for _, part := range []func(context.Context, *zielstand.ClientWithResponses) error{overdue, groups, pages, mistake} {
		if err := part(ctx, client); err != nil {
			log.Fatal(err)
		}
	}
}

// overdue lists the goals that are past their due date without a known outcome.
func overdue(ctx context.Context, client *zielstand.ClientWithResponses) error {
	assessment := []zielstand.AssessmentCodeOrNone{zielstand.AssessmentCodeOrNoneUnknownSince, zielstand.AssessmentCodeOrNoneUnresolved}
	answer, err := client.ListGoalsWithResponse(ctx, &zielstand.ListGoalsParams{Assessment: &assessment})
	if err != nil {
		return err
	}
	if answer.JSON200 == nil {
		return fmt.Errorf("%s: %s", answer.Status(), answer.Body)
	}
	goals, err := answer.JSON200.AsGoalCollection()
	if err != nil {
		return err
	}
	fmt.Println("overdue", goals.Meta.Total)
	for _, goal := range goals.Data {
		if goal.Due != nil {
			fmt.Println("goal", goal.Id, *goal.Due, *goal.Assessment)
		}
	}
	return nil
}

// groups counts the goals by assessment.
func groups(ctx context.Context, client *zielstand.ClientWithResponses) error {
	by, order := []zielstand.ListGoalsParamsGroupBy{zielstand.ListGoalsParamsGroupByAssessment}, []zielstand.ListGoalsParamsSort{zielstand.ListGoalsParamsSortMinusCount, zielstand.ListGoalsParamsSortAssessment}
	answer, err := client.ListGoalsWithResponse(ctx, &zielstand.ListGoalsParams{GroupBy: &by, Sort: &order})
	if err != nil {
		return err
	}
	if answer.JSON200 == nil {
		return fmt.Errorf("%s: %s", answer.Status(), answer.Body)
	}
	goals, err := answer.JSON200.AsGoalGroupCollection()
	if err != nil {
		return err
	}
	for _, group := range goals.Data {
		fmt.Println("group", *group.Assessment, *group.Count)
	}
	return nil
}

// pages reads all observations, a hundred at a time.
func pages(ctx context.Context, client *zielstand.ClientWithResponses) error {
	limit, n := 100, 0
	params := &zielstand.ListObservationsParams{Limit: &limit}
	sum := 0.0
	for {
		answer, err := client.ListObservationsWithResponse(ctx, params)
		if err != nil {
			return err
		}
		if answer.JSON200 == nil {
			return fmt.Errorf("%s: %s", answer.Status(), answer.Body)
		}
		page, err := answer.JSON200.AsObservationCollection()
		if err != nil {
			return err
		}
		n += len(page.Data)
		for _, o := range page.Data {
			if o.Kind == zielstand.KindCodeActual {
				sum += o.Value
			}
		}
		if page.Links.Next == nil {
			break
		}
		next, err := url.Parse(*page.Links.Next)
		if err != nil {
			return err
		}
		after, release := next.Query().Get("after"), next.Query().Get("release")
		params.After, params.Release = &after, &release
	}
	fmt.Println("observations", n)
	fmt.Printf("sum %.2f\n", sum)
	return nil
}

// mistake asks for what does not exist and prints what is allowed.
func mistake(ctx context.Context, client *zielstand.ClientWithResponses) error {
	status := []zielstand.StatusCodeOrNone{"achived"}
	answer, err := client.ListGoalsWithResponse(ctx, &zielstand.ListGoalsParams{Status: &status})
	if err != nil {
		return err
	}
	problem := answer.ApplicationproblemJSON400
	if problem == nil {
		return fmt.Errorf("%s: %s", answer.Status(), answer.Body)
	}
	fmt.Println("problem", problem.Status, *problem.Parameter, *problem.Nearest)
	return nil
}
