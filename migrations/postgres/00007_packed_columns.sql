-- +goose Up
-- What the packed rows of a dataset consist of: the names of their columns, in
-- order. A program that expects other columns would read them shifted; it refuses
-- them. A migration that packs rows again updates this too. Until now all rows were
-- packed by these columns, whatever the release was published with ("columns").
-- '' is what a program writes that does not know the column yet: it packs what it
-- publishes, which is "columns".
ALTER TABLE release_datasets ADD COLUMN packed_columns text COLLATE "C" NOT NULL DEFAULT '';
UPDATE release_datasets SET packed_columns = 'id,strategy,fieldOfAction,section,title,titleEn,summary,due,dueText,quantified,status,source,locator,published' WHERE dataset = 'goals';
UPDATE release_datasets SET packed_columns = 'id,title,titleEn,definition,unit,fieldOfAction,goal,direction,definitionEn' WHERE dataset = 'indicators';
UPDATE release_datasets SET packed_columns = 'id,indicator,goal,area,period,kind,value,qualifier,source,locator,published,note,unit' WHERE dataset = 'observations';
UPDATE release_datasets SET packed_columns = 'id,measure,area,asOf,coverage,priority,execution,portal,kind,value,qualifier,source,locator,published,note' WHERE dataset = 'ozg-service-counts';
UPDATE release_datasets SET packed_columns = 'id,goal,fieldOfAction,title,titleEn,reached,source,locator,published' WHERE dataset = 'milestones';
UPDATE release_datasets SET packed_columns = 'id,goal,indicator,state,target,targetValue,targetQualifier,targetPeriod,targetSource,actual,actualValue,actualQualifier,actualPeriod,actualSource,share,unit,note' WHERE dataset = 'goal-progress';
UPDATE release_datasets SET packed_columns = 'id,title,titleEn,rows,difference,advice' WHERE dataset = 'contradictions';
UPDATE release_datasets SET packed_columns = 'id,title,titleEn,adopted,publisher,goalCount,source,published' WHERE dataset = 'strategies';
UPDATE release_datasets SET packed_columns = 'id,strategy,number,title,titleEn' WHERE dataset = 'fields-of-action';
UPDATE release_datasets SET packed_columns = 'id,title,titleEn,level' WHERE dataset = 'areas';
UPDATE release_datasets SET packed_columns = 'id,title,titleEn,publisher,kind,published,reference,url' WHERE dataset = 'sources';
UPDATE release_datasets SET packed_columns = 'id,codelist,code,title,titleEn,definition,definitionEn' WHERE dataset = 'codelists';
UPDATE release_datasets SET packed_columns = 'id,dataset,withdrawn,reason,reasonEn' WHERE dataset = 'withdrawn';
UPDATE release_datasets SET packed_columns = 'id,inRelease,published,dataset,row,change,column,old,new' WHERE dataset = 'changes';

-- +goose Down
ALTER TABLE release_datasets DROP COLUMN packed_columns;
